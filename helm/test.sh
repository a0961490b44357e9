#!/bin/sh
# Lints and renders the chart with each profile of values, validates every manifest against Kubernetes' own schemas, and
# runs the chart's unit tests. Needs python3 with its venv module, and helm, which is built with Go if there is none.
#
#   VENV    a directory for the Python packages, kept between runs
set -eu

cd "$(dirname "$0")"
helm_version=v3.19.0
venv=${VENV:-${XDG_CACHE_HOME:-$HOME/.cache}/fleuve/chart-tests}

helm=$(command -v helm || true)
if [ -z "$helm" ]; then
    helm=$(go env GOPATH)/bin/helm
    [ -x "$helm" ] || go install helm.sh/helm/v3/cmd/helm@$helm_version
fi
[ -x "$venv/bin/python" ] || python3 -m venv "$venv"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --requirement requirements.txt
HELM=$helm exec "$venv/bin/python" -m unittest discover --start-directory fleuve/tests --verbose
