#!/usr/bin/env bash
# Print the Secrets of a trial installation: deploy/k8s/overlays/dev/secrets.sh KEYS_FOLDER PASSWORD | kubectl apply -f -
# KEYS_FOLDER is what deploy/docker/make_keys.py wrote. Production brings its own (External Secrets, CSI, Vault).
set -euo pipefail

keys="${1:?name the folder that make_keys.py wrote}"
password="${2:?choose a password for the trial database}"
host=postgres:5432/cleanclaim

secret() {
  local name="$1"
  shift
  echo ---
  kubectl --namespace cleanclaim create secret generic "$name" --dry-run=client --output yaml "$@"
}

secret postgres --from-literal=password="$password"
secret cleanclaim-trusted-keys --from-file=trusted-keys.json="$keys/trusted-keys.json"
secret cleanclaim-vault --from-file=vault.key="$keys/vault.key"
for service in accounts claims denials intake reconcile remittance; do
  secret "$service-signing-key" --from-file=signing-key.pem="$keys/service-$service.pem"
  secret "$service-database" \
    --from-literal=app-url="postgresql://cleanclaim_${service}_app:$password@$host" \
    --from-literal=relay-url="postgresql://cleanclaim_${service}_relay:$password@$host" \
    --from-literal=reporter-url="postgresql://cleanclaim_${service}_reporter:$password@$host"
  secret "$service-migration" \
    --from-literal=url="postgresql://postgres:$password@$host" \
    --from-literal=app-password="$password" \
    --from-literal=relay-password="$password" \
    --from-literal=reporter-password="$password"
done
