#!/usr/bin/env bash
# Prints each image of the compose files and Dockerfiles with the digest that its tag has now: `name:tag@sha256:…`.
# Needs docker with buildx, and a network. With --write it puts them into the files.
set -euo pipefail
cd "$(dirname "$0")/.."

files=(docker-compose.yml docker-compose.observability.yml Dockerfile agents/*/Dockerfile ops/k8s/base/*.yaml)
images=$(grep -hoP '(?:^FROM|image:)\s+\K[^\s$@]+:[^\s@]+(?=\s|$)' "${files[@]}" | grep -v '^commandcenter' | sort -u)
for image in $images; do
  digest=$(docker buildx imagetools inspect "$image" --format '{{.Manifest.Digest}}')
  echo "$image@$digest"
  if [[ ${1:-} == --write ]]; then sed -i "s|$image\(\s\|\$\)|$image@$digest\1|" "${files[@]}"; fi
done
