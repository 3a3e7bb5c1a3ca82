#!/usr/bin/env bash
# Checks a backend by its canister id and counts what holds, in the manner of test scripts.
CANISTER=$(dfx canister id backend)
PASSED=0
FAILED=0

check() {
    local name=$1 expected=$2
    shift 2
    local output
    output=$(dfx canister call "$CANISTER" "$@" 2>&1)
    local code=$?
    if [ $code -eq 0 ] && [[ "$output" == *"$expected"* ]]; then
        PASSED=$((PASSED + 1))
        echo "PASS $name"
    else
        FAILED=$((FAILED + 1))
        echo "FAIL $name: ($code) $output"
    fi
}

check_fails() {
    local name=$1 expected=$2
    shift 2
    local output
    output=$("$@" 2>&1)
    local code=$?
    if [ $code -eq 255 ] && [[ "$output" == *"$expected"* ]]; then
        PASSED=$((PASSED + 1))
        echo "PASS $name"
    else
        FAILED=$((FAILED + 1))
        echo "FAIL $name: ($code) $output"
    fi
}

check "no users yet" "(0 : nat64)" get_user_count
check "register" "success = true" register_user '("alice", "secret123")'
check "register twice" "Username already exists" register_user '("alice", "other")'
check "login" 'message = "Login successful"' login '("alice", "secret123")'
check "wrong password" "Invalid password" login '("alice", "wrong")'
check "one user" "(1 : nat64)" get_user_count --query
check "all users" '(vec { "alice" })' get_all_users
check "json" '"alice"' get_all_users --output json
check "unknown session" "(null)" get_session_details '("nope")'
check "session" "variant { Ok" create_physical_art_session '("alice", "Harbour", "Oil on linen")'
SESSION=$(dfx canister call "$CANISTER" get_user_sessions '("alice")' --output json |
    sed -n 's/.*"session_id": "\([0-9a-f]*\)".*/\1/p')
check "photo" "(variant { Ok = true })" upload_photo_to_session "(\"$SESSION\", \"https://photos.example/1.jpg\")"
check "status" "(variant { Ok = true })" update_session_status "(\"$SESSION\", \"completed\")"
check "an error is an answer" 'Err = "Session not found"' update_session_status '("nope", "completed")'

check_fails "unknown method" "has no update method" dfx canister call "$CANISTER" nope
check_fails "bad syntax" "Candid parser error" dfx canister call "$CANISTER" login '("alice"'
check_fails "wrong type" "can not be of type text" dfx canister call "$CANISTER" login '("alice", 1)'
check_fails "too few" "wrong number of argument values" dfx canister call "$CANISTER" login '("alice")'
check_fails "unknown canister" "Cannot find canister id" dfx canister call nobody get_user_count
dfx canister stop "$CANISTER"
check_fails "stopped" "is stopped" dfx canister call "$CANISTER" get_user_count
dfx canister start "$CANISTER"
check "started again" "(1 : nat64)" get_user_count

echo "$PASSED passed, $FAILED failed"
[ "$FAILED" -eq 0 ]
