#!/bin/sh
# Registers fifty users one after the other and looks at what the canister then says of itself.
USERS=${1:-50}
i=1
while [ "$i" -le "$USERS" ]; do
    dfx canister call backend register_user "(\"user_$i\", \"password_$i\")" > /dev/null || {
        echo "user $i was refused"
        exit 1
    }
    i=$((i + 1))
done
count=$(dfx canister call backend get_user_count | tr -dc '0-9' | sed 's/64$//')
echo "$count users"
dfx canister status backend | grep -E '^(Status|Memory allocation): '
dfx canister logs backend | wc -l | tr -d ' '
