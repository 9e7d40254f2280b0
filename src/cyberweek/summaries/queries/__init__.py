"""Reads of the summaries: figures with their pedigree, the summary as it stands now, versions, who owes one."""
