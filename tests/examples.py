"""The examples of the reference, in the order that makes a story of them.

A command's own example is the `Example:` line of its help. One that is not named here runs at the
end; a method is added by one line.
"""

# Names of commands; a line that begins with `$ ` prepares what comes next and is not shown.
COMMANDS = """\
start
deploy
ping
info
build
canister id
canister url
$ printf '{}' > dfx.json
canister set-id
$ rm -r dfx.json canister_ids.json > /dev/null
canister create
canister install
identity whoami
identity new
identity list
identity get-principal
canister update-settings
register-user
login
get-user
list-users
get-user-count
create-session
add-photo
show-session
list-sessions
set-status
canister call
$ originstamp canister call --async backend get_user_count > request.txt
canister request-status
$ printf 'get_user_count\\nget_session_count\\n' > calls.txt
batch
shell
mint
show-token
transfer
balance
list-tokens
$ originstamp mint 3f9c2a7be01d4c55 --to default
approve
list-approvals
revoke
$ originstamp transfer 2 --to collector
$ originstamp approve 2 --spender default --identity collector
transfer-from
update-token
$ originstamp mint 3f9c2a7be01d4c55 --to default
burn
blocks
verify-ledger
set-collection
collection
canister status
canister info
canister metadata
canister logs
canister stop
canister snapshot create
canister snapshot list
canister snapshot download
canister snapshot upload
canister snapshot load
canister snapshot delete
canister start
upload
remove-photo
health
s3-status
configure-s3
upload-url
debug-info
storage-stats
dashboard
dfx-shim
change-password
$ ORIGINSTAMP_PASSWORD='battery staple' ORIGINSTAMP_NEW_PASSWORD='correct horse' \
originstamp change-password alice
rename-user
candid encode
candid decode
candid hash
candid random
$ printf 'service : { price : (title : text) -> (nat) query };\\n' > shop-1.did
$ printf 'service : { price : (text) -> (nat) query; sold : () -> (nat) query };\\n' > shop.did
candid check
candid subtype
completions
canister uninstall-code
generate
identity export
$ originstamp identity export default > key.pem
identity import
identity rename
identity remove
identity use
state path
state info
state verify
state compact
state snapshot
state snapshots
state revert
state clock
$ originstamp state clock real
state export
state import
state migrate
$ rm -r everything.json ~/.local/share/originstamp/state.json* > /dev/null
state backup
state reset
state seed
state backups
state restore
canister delete
$ originstamp state restore --yes
stop
$ originstamp start -q
"""

# Methods and their arguments; <default> and <collector> are the principals of these identities.
METHODS = """\
register_user '("alice", "correct horse")'
login '("alice", "correct horse")'
change_password '("alice", "correct horse", "battery staple")'
get_user_info '("alice")'
get_all_users
get_user_count
create_physical_art_session '("alice", "Harbour at dawn", "Oil on linen")'
upload_photo_to_session '("3f9c2a7be01d4c55", "https://example.com/1.png")'
update_session_status '("3f9c2a7be01d4c55", "completed")'
get_session_details '("3f9c2a7be01d4c55")'
get_user_sessions '("alice")'
get_session_count
get_recent_sessions '(5)'
mint_nft_from_session '("3f9c2a7be01d4c55", record { owner = principal "<default>" }, \
vec { record { "medium"; "oil" } })'
get_token_details '(1)'
get_session_nfts '("3f9c2a7be01d4c55")'
icrc7_tokens '(null, null)'
icrc7_tokens_of '(record { owner = principal "<default>" }, null, opt 10)'
icrc7_owner_of '(vec { 1; 2 })'
icrc7_token_metadata '(vec { 1 })'
icrc7_transfer '(vec { record { from = record { owner = principal "<default>" }; \
to = record { owner = principal "<collector>" }; token_id = 1 } })'
icrc7_balance_of '(vec { record { owner = principal "<collector>" } })'
get_user_nfts '(principal "<collector>")'
update_collection_metadata '("Harbours", opt "Works on linen", null, opt 100)'
icrc7_collection_metadata
icrc7_name
icrc7_description
icrc7_total_supply
icrc7_supply_cap
remove_photo_from_session '("3f9c2a7be01d4c55", "https://example.com/1.png")'
get_health_status
configure_s3 '(record { bucket_name = "art"; region = "eu-west-1"; \
access_key_id = "AKIA"; secret_access_key = "secret" })'
get_s3_config
set_s3_config '(record { bucket_name = "art"; region = "eu-central-1"; \
access_key_id = "AKIA"; secret_access_key = "********" })'
get_s3_config_status
generate_upload_url '("3f9c2a7be01d4c55", \
record { filename = "1.png"; content_type = "image/png"; file_size = 88_749 })'
debug_info
get_storage_stats
get_dashboard_metrics
update_username '("alice", "alicia", "battery staple")'
"""

# The same of `nft`; a line that begins with `$ ` prepares what comes next and is not shown.
NFT_METHODS = """\
$ originstamp create-session alice "Harbour at dawn" "Oil on linen"
$ originstamp add-photo 3f9c2a7be01d4c55 https://example.com/1.png
$ originstamp mint 3f9c2a7be01d4c55 --to default
$ originstamp mint 3f9c2a7be01d4c55 --to default
icrc10_supported_standards
icrc7_collection_metadata
icrc7_symbol
icrc7_name
icrc7_description
icrc7_logo
icrc7_total_supply
icrc7_supply_cap
icrc7_max_query_batch_size
icrc7_max_update_batch_size
icrc7_default_take_value
icrc7_max_take_value
icrc7_max_memo_size
icrc7_atomic_batch_transfers
icrc7_tx_window
icrc7_permitted_drift
icrc7_tokens '(null, opt 10)'
icrc7_tokens_of '(record { owner = principal "<default>" }, opt 1, null)'
icrc7_owner_of '(vec { 1; 99 })'
icrc7_token_metadata '(vec { 1 })'
icrc7_transfer '(vec { record { to = record { owner = principal "<collector>" }; token_id = 1; \
memo = opt blob "with love" }; \
record { to = record { owner = principal "<collector>" }; token_id = 99 } })'
icrc7_balance_of '(vec { record { owner = principal "<collector>" } })'
icrc37_max_approvals_per_token_or_collection
icrc37_max_revoke_approvals
icrc37_approve_tokens '(vec { record { token_id = 2; approval_info = record { \
spender = record { owner = principal "<collector>" }; \
created_at_time = 1_700_000_000_000_000_000 } } })'
icrc37_approve_collection '(vec { record { approval_info = record { \
spender = record { owner = principal "<collector>" }; \
created_at_time = 1_700_000_000_000_000_000 } } })'
icrc37_is_approved '(vec { record { spender = record { owner = principal "<collector>" }; \
token_id = 2 } })'
icrc37_get_token_approvals '(2, null, null)'
icrc37_get_collection_approvals '(record { owner = principal "<default>" }, null, opt 10)'
icrc37_revoke_token_approvals '(vec { record { token_id = 2 } })'
icrc37_revoke_collection_approvals '(vec { record {} })'
icrc37_transfer_from '(vec { record { from = record { owner = principal "<default>" }; \
to = record { owner = principal "<collector>" }; token_id = 2 } })'
icrc3_get_blocks '(vec { record { start = 2; length = 10 } })'
icrc3_supported_block_types
icrc3_get_archives '(record { from = null })'
icrc3_get_tip_certificate
icrc21_canister_call_consent_message '(record { method = "icrc7_transfer"; \
arg = blob "DIDL\\03m\\01l\\02\\fb\\ca\\01\\02\\a1\\a1\
\\c1\\da\\02\\7dl\\01\\b3\\b0\\da\\c3\\03h\\01\\00\\01\\01\\00\\01"; \
user_preferences = record { metadata = record { language = "en" } } })'
"""
