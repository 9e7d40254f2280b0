"""The knowledge contest's hot path: a plain ASGI app beside Django.

A submit goes app.Arena.__call__ → attempts.submit → ledger.Ledger.append → COMMIT → attempts.verdict.
"""
