"""The Helm chart: rendered by Helm's own library, checked against Kubernetes' own schemas."""

from pathlib import Path

import kubernetes_validate
import pytest
import yaml

helm = pytest.importorskip("helm_python", reason="helm-python-sdk has no wheel for this machine")

CHART = Path(__file__).parents[2] / "deploy" / "helm" / "cyberweek"
OLDEST, NEWEST = "1.27", "1.37"
OF_OTHERS = {"Middleware"}  # Traefik's own kind: Kubernetes has no schema of it
SETTINGS = [
    {},
    {"ingress": {"controller": "nginx", "className": "nginx", "annotations": {"example.org/a": "b"}}},
    {"ingress": {"controller": "other", "className": "", "tlsSecret": ""}, "allowedHosts": ["a.example", "b.example"]},
    {"ingress": {"enabled": False}, "networkPolicy": {"enabled": False}, "podDisruptionBudget": {"enabled": False}},
    {"migrate": {"enabled": False}, "nodeSelector": {"disk": "ssd"}, "tolerations": [{"operator": "Exists"}]},
    {
        "image": {"tag": "1.2.3", "pullSecrets": [{"name": "registry"}]},
        "networkPolicy": {"databasePorts": [5432, 6432]},
    },
    {"networkPolicy": {"ingressFrom": [{"namespaceSelector": {}}], "extraEgress": [{"ports": [{"port": 443}]}]}},
]


def render(values=None):
    with helm.Chart.load(CHART) as chart:
        rendered = chart.render(values or {}, name="week", namespace="public")
    texts = [text for path, text in rendered.items() if path.endswith(".yaml")]
    return [manifest for text in texts for manifest in yaml.load_all(text, yaml.CSafeLoader) if manifest]


def of_kind(kind, manifests):
    return {manifest["metadata"]["name"]: manifest for manifest in manifests if manifest["kind"] == kind}


def pods(manifests):
    return [manifest["spec"]["template"]["spec"] for manifest in manifests if manifest["kind"] in {"Deployment", "Job"}]


def test_helm_itself_finds_nothing_to_say():
    report = helm.lint(CHART, strict=True)
    assert (report["messages"], report["errors"]) == ([], [])


@pytest.mark.parametrize("version", [OLDEST, NEWEST])
@pytest.mark.parametrize("values", SETTINGS)
def test_every_manifest_is_what_kubernetes_expects(values, version):
    manifests = render(values)
    assert len(of_kind("Deployment", manifests)) == 3
    for manifest in manifests:
        if manifest["kind"] not in OF_OTHERS:
            kubernetes_validate.validate(manifest, version, strict=True)


@pytest.mark.parametrize(
    "values",
    [
        {"publicUrl": "http://week.example"},
        {"allowedHosts": []},
        {"secret": {"name": ""}},
        {"arena": {"minReplicas": 0}},
        {"ingress": {"controller": "envoy"}},
        {"networkPolicy": {"databasePorts": ["5432"]}},
        {"databse": {"url": "a misspelt word"}},
    ],
)
def test_wrong_values_are_refused(values):
    with helm.Chart.load(CHART) as chart, pytest.raises(helm.HelmValuesError):
        chart.validate_schema(values)


def test_no_pod_has_rights_a_writable_root_or_a_secret_of_its_own():
    manifests = render()
    assert not of_kind("Secret", manifests)
    for pod in pods(manifests):
        assert pod["securityContext"]["runAsNonRoot"]
        assert pod["automountServiceAccountToken"] is False
        (container,) = pod["containers"]
        assert container["securityContext"]["readOnlyRootFilesystem"]
        assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
        assert "memory" in container["resources"]["limits"]
        secrets = {e["name"] for e in container["env"] if "valueFrom" in e}
        assert secrets == {"DATABASE_URL", "SECRET_KEY"}


def test_the_contest_goes_to_the_arenas_and_all_else_to_the_web():
    routes = {}
    for ingress in of_kind("Ingress", render()).values():
        for rule in ingress["spec"]["rules"]:
            for path in rule["http"]["paths"]:
                routes[rule["host"], path["path"]] = path["backend"]["service"]["name"]
    assert routes == {
        ("week.example", "/arena/"): "week-cyberweek-arena",
        ("week.example", "/"): "week-cyberweek-web",
    }


def test_event_streams_are_not_buffered_and_not_compressed_all_else_is():
    manifests = render()
    (compress,) = of_kind("Middleware", manifests).values()
    assert compress["spec"]["compress"]["excludedContentTypes"] == ["text/event-stream"]
    middleware = f"public-{compress['metadata']['name']}@kubernetescrd"
    for ingress in of_kind("Ingress", manifests).values():
        assert middleware in ingress["metadata"]["annotations"].values()
    ingresses = of_kind("Ingress", render({"ingress": {"controller": "nginx"}}))
    assert (
        ingresses["week-cyberweek-arena"]["metadata"]["annotations"]["nginx.ingress.kubernetes.io/proxy-buffering"]
        == "off"
    )


def test_selectors_find_the_pods_they_are_meant_for():
    manifests = render()
    labels = {
        name: manifest["spec"]["template"]["metadata"]["labels"]
        for name, manifest in of_kind("Deployment", manifests).items()
    }
    for kind, selector in (
        ("Service", lambda spec: spec["selector"]),
        ("PodDisruptionBudget", lambda spec: spec["selector"]["matchLabels"]),
        ("Deployment", lambda spec: spec["selector"]["matchLabels"]),
    ):
        for name, manifest in of_kind(kind, manifests).items():
            assert selector(manifest["spec"]).items() <= labels[name].items(), (kind, name)
            others = [other for other in labels if other != name]
            assert not any(selector(manifest["spec"]).items() <= labels[other].items() for other in others)


def test_an_arena_stays_in_routing_for_as_long_as_a_change_of_primary_takes():
    arena = of_kind("Deployment", render())["week-cyberweek-arena"]["spec"]["template"]["spec"]["containers"][0]
    probe = arena["readinessProbe"]
    assert probe["httpGet"]["path"] == "/readyz"
    assert probe["periodSeconds"] * probe["failureThreshold"] > 30
    assert arena["livenessProbe"]["httpGet"]["path"] == "/healthz"


def test_the_database_is_migrated_before_the_new_pods_come():
    (job,) = of_kind("Job", render()).values()
    assert job["metadata"]["annotations"]["helm.sh/hook"] == "pre-install,pre-upgrade"
    assert job["spec"]["template"]["spec"]["containers"][0]["args"] == ["manage", "migrate", "--no-input"]
