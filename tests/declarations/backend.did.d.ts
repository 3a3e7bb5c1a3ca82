import type { Principal } from '@dfinity/principal';
import type { ActorMethod } from '@dfinity/agent';
import type { IDL } from '@dfinity/candid';

export interface Account {
  'owner' : Principal,
  'subaccount' : [] | [Uint8Array | number[]],
}
export interface CollectionMetadata {
  'name' : string,
  'description' : [] | [string],
  'max_supply' : [] | [bigint],
  'image' : [] | [string],
  'total_supply' : bigint,
}
export interface DashboardMetrics {
  'total_sessions' : bigint,
  'total_users' : bigint,
  'total_certificates' : bigint,
}
export interface DebugInfo {
  'status' : string,
  'controllers' : Array<Principal>,
  'time' : bigint,
  'canister_id' : Principal,
  'version' : string,
  'settings' : Array<[string, string]>,
  'counters' : Array<[string, bigint]>,
  'caller' : Principal,
  'policy' : string,
}
export interface HealthStatus {
  'status' : string,
  'time' : bigint,
  'checks' : Array<{ 'ok' : boolean, 'name' : string, 'detail' : string }>,
}
export interface LoginResult {
  'username' : [] | [string],
  'message' : string,
  'success' : boolean,
}
export interface PhysicalArtSession {
  'status' : string,
  'updated_at' : bigint,
  'uploaded_photos' : Array<string>,
  'username' : string,
  'session_id' : string,
  'art_title' : string,
  'description' : string,
  'created_at' : bigint,
}
export type Result = { 'Ok' : string } |
  { 'Err' : string };
export type Result_3 = { 'Ok' : null } |
  { 'Err' : string };
export type Result_4 = { 'Ok' : bigint } |
  { 'Err' : string };
export type Result_5 = { 'Ok' : boolean } |
  { 'Err' : string };
export interface S3Config {
  'region' : string,
  'endpoint' : [] | [string],
  'secret_access_key' : string,
  'bucket_name' : string,
  'access_key_id' : string,
}
export interface StorageStats {
  'storage_kind' : string,
  'total_bytes' : bigint,
  'tables' : Array<TableStats>,
  'photo_bytes' : bigint,
  'state_file' : string,
  'memory_allocation' : bigint,
  'photos' : bigint,
}
export interface TableStats {
  'records' : bigint,
  'name' : string,
  'bytes' : bigint,
}
export interface Token {
  'id' : bigint,
  'session_id' : [] | [string],
  'owner' : Account,
  'metadata' : TokenMetadata,
  'created_at' : bigint,
}
export interface TokenMetadata {
  'name' : string,
  'description' : [] | [string],
  'attributes' : Array<[string, string]>,
  'image' : [] | [string],
}
export interface TransferRequest {
  'to' : Account,
  'token_id' : bigint,
  'from' : Account,
  'memo' : [] | [Uint8Array | number[]],
  'created_at_time' : [] | [bigint],
}
export interface TransferResponse { 'result' : Result_3, 'token_id' : bigint }
export interface UploadFileData {
  'content_type' : string,
  'file_size' : bigint,
  'filename' : string,
}
export interface _SERVICE {
  'change_password' : ActorMethod<[string, string, string], LoginResult>,
  /**
   * object storage
   */
  'configure_s3' : ActorMethod<[S3Config], boolean>,
  /**
   * physical art sessions
   */
  'create_physical_art_session' : ActorMethod<[string, string, string], Result>,
  'debug_info' : ActorMethod<[], DebugInfo>,
  'generate_upload_url' : ActorMethod<[string, UploadFileData], Result>,
  'get_all_users' : ActorMethod<[], Array<string>>,
  /**
   * diagnostics
   */
  'get_dashboard_metrics' : ActorMethod<[], DashboardMetrics>,
  'get_health_status' : ActorMethod<[], HealthStatus>,
  'get_recent_sessions' : ActorMethod<[bigint], Array<PhysicalArtSession>>,
  'get_s3_config' : ActorMethod<[], [] | [S3Config]>,
  'get_s3_config_status' : ActorMethod<[], boolean>,
  'get_session_count' : ActorMethod<[], bigint>,
  'get_session_details' : ActorMethod<[string], [] | [PhysicalArtSession]>,
  'get_session_nfts' : ActorMethod<[string], Array<Token>>,
  'get_storage_stats' : ActorMethod<[], StorageStats>,
  'get_token_details' : ActorMethod<[bigint], [] | [Token]>,
  'get_user_count' : ActorMethod<[], bigint>,
  'get_user_info' : ActorMethod<[string], [] | [[string, bigint]]>,
  'get_user_nfts' : ActorMethod<[Principal], Array<Token>>,
  'get_user_sessions' : ActorMethod<[string], Array<PhysicalArtSession>>,
  'icrc7_balance_of' : ActorMethod<[Array<Account>], BigUint64Array | bigint[]>,
  'icrc7_collection_metadata' : ActorMethod<[], CollectionMetadata>,
  'icrc7_description' : ActorMethod<[], [] | [string]>,
  /**
   * tokens, in the application's own shapes
   */
  'icrc7_name' : ActorMethod<[], string>,
  'icrc7_owner_of' : ActorMethod<
    [BigUint64Array | bigint[]],
    Array<[] | [Account]>
  >,
  'icrc7_supply_cap' : ActorMethod<[], [] | [bigint]>,
  'icrc7_token_metadata' : ActorMethod<
    [BigUint64Array | bigint[]],
    Array<[] | [TokenMetadata]>
  >,
  'icrc7_tokens' : ActorMethod<
    [[] | [bigint], [] | [bigint]],
    BigUint64Array | bigint[]
  >,
  'icrc7_tokens_of' : ActorMethod<
    [Account, [] | [bigint], [] | [bigint]],
    BigUint64Array | bigint[]
  >,
  'icrc7_total_supply' : ActorMethod<[], bigint>,
  'icrc7_transfer' : ActorMethod<
    [Array<TransferRequest>],
    Array<TransferResponse>
  >,
  'login' : ActorMethod<[string, string], LoginResult>,
  'mint_nft_from_session' : ActorMethod<
    [string, Account, Array<[string, string]>],
    Result_4
  >,
  /**
   * users
   */
  'register_user' : ActorMethod<[string, string], LoginResult>,
  'remove_photo_from_session' : ActorMethod<[string, string], Result_5>,
  'set_s3_config' : ActorMethod<[S3Config], boolean>,
  'update_collection_metadata' : ActorMethod<
    [string, [] | [string], [] | [string], [] | [bigint]],
    Result_5
  >,
  'update_session_status' : ActorMethod<[string, string], Result_5>,
  'update_username' : ActorMethod<[string, string, string], LoginResult>,
  'upload_photo_to_session' : ActorMethod<[string, string], Result_5>,
}
export declare const idlFactory: IDL.InterfaceFactory;
export declare const init: (args: { IDL: typeof IDL }) => IDL.Type[];
