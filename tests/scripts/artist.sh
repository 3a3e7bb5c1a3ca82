#!/usr/bin/env bash
# An artist's whole path as a script written for dfx: nothing in it knows what answers.
set -euo pipefail

id_in() { grep -o '"[^"]*"' | head -1 | tr -d '"'; }
number_in() { grep -o '[0-9]\+' | head -1; }

ARTIST=$(dfx identity get-principal)
dfx identity new collector --storage-mode plaintext
COLLECTOR=$(dfx identity get-principal --identity collector)

dfx canister call backend register_user '("alice", "correct horse")' | grep -q 'success = true'
if [ "$(dfx canister call backend get_user_count 2>&1)" != "(1 : nat64)" ]; then exit 11; fi

SESSION=$(dfx canister call backend create_physical_art_session \
    '("alice", "Harbour at dawn", "Oil on linen")' | id_in)
[ -n "$SESSION" ]

for photo in 1-sketch.png 2-underpainting.jpg; do
    OUT=$(dfx canister call backend upload_photo_to_session \
        "(\"$SESSION\", \"https://photos.example/$photo\")" 2>&1)
    [ "$OUT" = "(variant { Ok = true })" ] || exit 12
done

CONFIG='(record { bucket_name = "art"; region = "eu-west-1"; access_key_id = "AK";
  secret_access_key = "sk"; endpoint = opt "https://s3.example" })'
if [ "$(dfx canister call backend configure_s3 "$CONFIG" 2>&1)" = "(true)" ]; then
    echo "configured"
else
    exit 13
fi
dfx canister call backend generate_upload_url \
    "(\"$SESSION\", record { filename = \"3.jpg\"; content_type = \"image/jpeg\"; file_size = 9 })" |
    grep -q 'X-Amz-Signature='

TO="record { owner = principal \"$ARTIST\"; subaccount = null }"
TOKEN=$(dfx canister call backend mint_nft_from_session \
    "(\"$SESSION\", $TO, vec { record { \"medium\"; \"oil\" } })" | number_in)
[ "$TOKEN" = 1 ] || exit 14

NEW="record { owner = principal \"$COLLECTOR\"; subaccount = null }"
dfx canister call backend icrc7_transfer "(vec { record { from = $TO; to = $NEW;
  token_id = $TOKEN; memo = null; created_at_time = null } })" | grep -q 'Ok'

[ "$(dfx canister call backend icrc7_balance_of "(vec { $TO; $NEW })")" = \
    "(vec { 0 : nat64; 1 : nat64 })" ] || exit 15
dfx canister call backend get_token_details "($TOKEN)" | grep -q "$COLLECTOR"

if dfx canister call backend no_such_method 2>/dev/null; then exit 16; fi
echo "token $TOKEN belongs to the collector"
