export const idlFactory = ({ IDL }) => {
  const LoginResult = IDL.Record({
    'username' : IDL.Opt(IDL.Text),
    'message' : IDL.Text,
    'success' : IDL.Bool,
  });
  const S3Config = IDL.Record({
    'region' : IDL.Text,
    'endpoint' : IDL.Opt(IDL.Text),
    'secret_access_key' : IDL.Text,
    'bucket_name' : IDL.Text,
    'access_key_id' : IDL.Text,
  });
  const Result = IDL.Variant({ 'Ok' : IDL.Text, 'Err' : IDL.Text });
  const DebugInfo = IDL.Record({
    'status' : IDL.Text,
    'controllers' : IDL.Vec(IDL.Principal),
    'time' : IDL.Nat64,
    'canister_id' : IDL.Principal,
    'version' : IDL.Text,
    'settings' : IDL.Vec(IDL.Tuple(IDL.Text, IDL.Text)),
    'counters' : IDL.Vec(IDL.Tuple(IDL.Text, IDL.Nat64)),
    'caller' : IDL.Principal,
    'policy' : IDL.Text,
  });
  const UploadFileData = IDL.Record({
    'content_type' : IDL.Text,
    'file_size' : IDL.Nat64,
    'filename' : IDL.Text,
  });
  const DashboardMetrics = IDL.Record({
    'total_sessions' : IDL.Nat64,
    'total_users' : IDL.Nat64,
    'total_certificates' : IDL.Nat64,
  });
  const HealthStatus = IDL.Record({
    'status' : IDL.Text,
    'time' : IDL.Nat64,
    'checks' : IDL.Vec(
      IDL.Record({ 'ok' : IDL.Bool, 'name' : IDL.Text, 'detail' : IDL.Text })
    ),
  });
  const PhysicalArtSession = IDL.Record({
    'status' : IDL.Text,
    'updated_at' : IDL.Nat64,
    'uploaded_photos' : IDL.Vec(IDL.Text),
    'username' : IDL.Text,
    'session_id' : IDL.Text,
    'art_title' : IDL.Text,
    'description' : IDL.Text,
    'created_at' : IDL.Nat64,
  });
  const Account = IDL.Record({
    'owner' : IDL.Principal,
    'subaccount' : IDL.Opt(IDL.Vec(IDL.Nat8)),
  });
  const TokenMetadata = IDL.Record({
    'name' : IDL.Text,
    'description' : IDL.Opt(IDL.Text),
    'attributes' : IDL.Vec(IDL.Tuple(IDL.Text, IDL.Text)),
    'image' : IDL.Opt(IDL.Text),
  });
  const Token = IDL.Record({
    'id' : IDL.Nat64,
    'session_id' : IDL.Opt(IDL.Text),
    'owner' : Account,
    'metadata' : TokenMetadata,
    'created_at' : IDL.Nat64,
  });
  const TableStats = IDL.Record({
    'records' : IDL.Nat64,
    'name' : IDL.Text,
    'bytes' : IDL.Nat64,
  });
  const StorageStats = IDL.Record({
    'storage_kind' : IDL.Text,
    'total_bytes' : IDL.Nat64,
    'tables' : IDL.Vec(TableStats),
    'photo_bytes' : IDL.Nat64,
    'state_file' : IDL.Text,
    'memory_allocation' : IDL.Nat64,
    'photos' : IDL.Nat64,
  });
  const CollectionMetadata = IDL.Record({
    'name' : IDL.Text,
    'description' : IDL.Opt(IDL.Text),
    'max_supply' : IDL.Opt(IDL.Nat64),
    'image' : IDL.Opt(IDL.Text),
    'total_supply' : IDL.Nat64,
  });
  const TransferRequest = IDL.Record({
    'to' : Account,
    'token_id' : IDL.Nat64,
    'from' : Account,
    'memo' : IDL.Opt(IDL.Vec(IDL.Nat8)),
    'created_at_time' : IDL.Opt(IDL.Nat64),
  });
  const Result_3 = IDL.Variant({ 'Ok' : IDL.Null, 'Err' : IDL.Text });
  const TransferResponse = IDL.Record({
    'result' : Result_3,
    'token_id' : IDL.Nat64,
  });
  const Result_4 = IDL.Variant({ 'Ok' : IDL.Nat64, 'Err' : IDL.Text });
  const Result_5 = IDL.Variant({ 'Ok' : IDL.Bool, 'Err' : IDL.Text });
  return IDL.Service({
    'change_password' : IDL.Func(
        [IDL.Text, IDL.Text, IDL.Text],
        [LoginResult],
        [],
      ),
    'configure_s3' : IDL.Func([S3Config], [IDL.Bool], []),
    'create_physical_art_session' : IDL.Func(
        [IDL.Text, IDL.Text, IDL.Text],
        [Result],
        [],
      ),
    'debug_info' : IDL.Func([], [DebugInfo], ['query']),
    'generate_upload_url' : IDL.Func([IDL.Text, UploadFileData], [Result], []),
    'get_all_users' : IDL.Func([], [IDL.Vec(IDL.Text)], ['query']),
    'get_dashboard_metrics' : IDL.Func([], [DashboardMetrics], ['query']),
    'get_health_status' : IDL.Func([], [HealthStatus], ['query']),
    'get_recent_sessions' : IDL.Func(
        [IDL.Nat64],
        [IDL.Vec(PhysicalArtSession)],
        ['query'],
      ),
    'get_s3_config' : IDL.Func([], [IDL.Opt(S3Config)], ['query']),
    'get_s3_config_status' : IDL.Func([], [IDL.Bool], ['query']),
    'get_session_count' : IDL.Func([], [IDL.Nat64], ['query']),
    'get_session_details' : IDL.Func(
        [IDL.Text],
        [IDL.Opt(PhysicalArtSession)],
        ['query'],
      ),
    'get_session_nfts' : IDL.Func([IDL.Text], [IDL.Vec(Token)], ['query']),
    'get_storage_stats' : IDL.Func([], [StorageStats], ['query']),
    'get_token_details' : IDL.Func([IDL.Nat64], [IDL.Opt(Token)], ['query']),
    'get_user_count' : IDL.Func([], [IDL.Nat64], ['query']),
    'get_user_info' : IDL.Func(
        [IDL.Text],
        [IDL.Opt(IDL.Tuple(IDL.Text, IDL.Nat64))],
        ['query'],
      ),
    'get_user_nfts' : IDL.Func([IDL.Principal], [IDL.Vec(Token)], ['query']),
    'get_user_sessions' : IDL.Func(
        [IDL.Text],
        [IDL.Vec(PhysicalArtSession)],
        ['query'],
      ),
    'icrc7_balance_of' : IDL.Func(
        [IDL.Vec(Account)],
        [IDL.Vec(IDL.Nat64)],
        ['query'],
      ),
    'icrc7_collection_metadata' : IDL.Func([], [CollectionMetadata], ['query']),
    'icrc7_description' : IDL.Func([], [IDL.Opt(IDL.Text)], ['query']),
    'icrc7_name' : IDL.Func([], [IDL.Text], ['query']),
    'icrc7_owner_of' : IDL.Func(
        [IDL.Vec(IDL.Nat64)],
        [IDL.Vec(IDL.Opt(Account))],
        ['query'],
      ),
    'icrc7_supply_cap' : IDL.Func([], [IDL.Opt(IDL.Nat64)], ['query']),
    'icrc7_token_metadata' : IDL.Func(
        [IDL.Vec(IDL.Nat64)],
        [IDL.Vec(IDL.Opt(TokenMetadata))],
        ['query'],
      ),
    'icrc7_tokens' : IDL.Func(
        [IDL.Opt(IDL.Nat64), IDL.Opt(IDL.Nat64)],
        [IDL.Vec(IDL.Nat64)],
        ['query'],
      ),
    'icrc7_tokens_of' : IDL.Func(
        [Account, IDL.Opt(IDL.Nat64), IDL.Opt(IDL.Nat64)],
        [IDL.Vec(IDL.Nat64)],
        ['query'],
      ),
    'icrc7_total_supply' : IDL.Func([], [IDL.Nat64], ['query']),
    'icrc7_transfer' : IDL.Func(
        [IDL.Vec(TransferRequest)],
        [IDL.Vec(TransferResponse)],
        [],
      ),
    'login' : IDL.Func([IDL.Text, IDL.Text], [LoginResult], []),
    'mint_nft_from_session' : IDL.Func(
        [IDL.Text, Account, IDL.Vec(IDL.Tuple(IDL.Text, IDL.Text))],
        [Result_4],
        [],
      ),
    'register_user' : IDL.Func([IDL.Text, IDL.Text], [LoginResult], []),
    'remove_photo_from_session' : IDL.Func(
        [IDL.Text, IDL.Text],
        [Result_5],
        [],
      ),
    'set_s3_config' : IDL.Func([S3Config], [IDL.Bool], []),
    'update_collection_metadata' : IDL.Func(
        [IDL.Text, IDL.Opt(IDL.Text), IDL.Opt(IDL.Text), IDL.Opt(IDL.Nat64)],
        [Result_5],
        [],
      ),
    'update_session_status' : IDL.Func([IDL.Text, IDL.Text], [Result_5], []),
    'update_username' : IDL.Func(
        [IDL.Text, IDL.Text, IDL.Text],
        [LoginResult],
        [],
      ),
    'upload_photo_to_session' : IDL.Func([IDL.Text, IDL.Text], [Result_5], []),
  });
};
export const init = ({ IDL }) => { return []; };
