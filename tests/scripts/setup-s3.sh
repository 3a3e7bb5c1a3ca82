#!/bin/bash
# Configures the object store of a deployed backend, in the manner of deployment scripts: the
# command line is built as text and run by eval, and what it printed is compared whole.
set -e

NETWORK="${1:-local}"
if [ ! -f .env ]; then
    echo "❌ .env is missing" >&2
    exit 1
fi
export $(grep -v '^#' .env | xargs)

for name in S3_BUCKET_NAME S3_REGION S3_ACCESS_KEY_ID S3_SECRET_ACCESS_KEY; do
    if [ -z "${!name}" ]; then
        echo "❌ $name is not set" >&2
        exit 1
    fi
done

if ! dfx ping "$NETWORK" > /dev/null 2>&1; then
    echo "❌ the network does not answer" >&2
    exit 1
fi

CANISTER_ID=$(dfx canister id backend --network "$NETWORK" 2>/dev/null || echo "")
if [[ ! "$CANISTER_ID" =~ ^[a-z0-9-]{5}-[a-z0-9-]{5}-[a-z0-9-]{5}-[a-z0-9-]{5}-[a-z0-9-]{3}$ ]]; then
    echo "❌ no canister: '$CANISTER_ID'" >&2
    exit 1
fi
echo "🔧 $CANISTER_ID"

if [ -n "$S3_ENDPOINT" ]; then ENDPOINT="opt \"$S3_ENDPOINT\""; else ENDPOINT="null"; fi
ARGUMENT="(record { bucket_name = \"$S3_BUCKET_NAME\"; region = \"$S3_REGION\"; \
access_key_id = \"$S3_ACCESS_KEY_ID\"; secret_access_key = \"$S3_SECRET_ACCESS_KEY\"; endpoint = $ENDPOINT })"
COMMAND="dfx canister call backend configure_s3 '$ARGUMENT' --network $NETWORK"

if OUT=$(eval "$COMMAND" 2>&1); then
    if [ "$OUT" = "(true)" ]; then
        echo "✅ configured"
    else
        echo "❌ unexpected answer: $OUT" >&2
        exit 1
    fi
else
    echo "❌ the call failed: $OUT" >&2
    exit 1
fi

STATUS=$(dfx canister call backend get_s3_config_status --network "$NETWORK" 2>&1)
if [ "$STATUS" = "(true)" ]; then echo "✅ status"; else exit 2; fi

PROBE='("test-session", record { filename = "test.jpg"; content_type = "image/jpeg"; file_size = 1024 })'
if URL=$(dfx canister call backend generate_upload_url "$PROBE" --network "$NETWORK" 2>&1) &&
    echo "$URL" | grep -q "Ok = \"https\?://"; then
    echo "✅ upload address"
else
    echo "❌ $URL" >&2
    exit 3
fi
