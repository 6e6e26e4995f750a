/** Thrown by every function that rejects a value. */
export interface InputError extends Error {
  /** The name of the rejected value. */
  input: string;
}

/** A moment in milliseconds since 1970, as `Date.now()` returns it. */
export type Moment = number;

export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  /** Belongs to a temporary key. */
  sessionToken?: string;
  /** When a temporary key expires. */
  expiresAt?: Moment;
}

export interface SignRequest {
  host: string;
  port: number;
  /** The database's region; without it, the region in the host name. There is no default. */
  region?: string;
  user: string;
  /** In seconds, from 1 to 900, which is the default. */
  lifetime?: number;
  credentials: Credentials;
}

export interface SignedToken {
  /** The password. */
  token: string;
  /** When the token expires: after its lifetime, or with the credentials if that is earlier. */
  expiresAt: Moment;
}

/**
 * The parts of a token. Signature and session token are never in it. A text that does not have the form of
 * its place, or that may be a piece of a secret, is missing; `Diagnosis.fields` describes it.
 */
export interface TokenParts {
  host?: string;
  port: number;
  endpoint?: Endpoint;
  user?: string;
  region?: string;
  service?: string;
  action?: string;
  algorithm?: string;
  signedHeaders?: string;
  accessKeyId?: string;
  scopeDate?: string;
  signedAt: Moment;
  /** In seconds. */
  lifetime: number;
  expiresAt: Moment;
  /** In characters; missing without a session token. */
  sessionTokenLength?: number;
}

/** The kind of a host, and the region in its name. */
export interface Endpoint {
  kind: string;
  /** Whether RDS accepts tokens that are signed for such a host. */
  acceptsTokens: boolean;
  region?: string;
}

/** The expected values of a token: all, some or none. */
export interface Expected {
  host?: string;
  port?: number;
  region?: string;
  user?: string;
  credentials?: Credentials;
}

export interface Finding {
  /** A name that does not change, `wrong-host`. */
  cause: string;
  message: string;
  /** What to do. */
  remedy: string;
}

/** A part of a token, as far as it may be shown. */
export interface Field {
  /** In words, `access key id`. */
  name: string;
  value: string;
}

export interface Diagnosis {
  /** Worst first: a cause before what follows from it. */
  findings: Finding[];
  /** The parts, if the text is a whole token once the damage of a copy is repaired. */
  parts?: TokenParts;
  /** The parts that are present, also in a damaged token, in the order in which to show them. */
  fields: Field[];
}

export type Server = "postgres" | "mysql" | "proxy";

export interface OtherCause {
  message: string;
  remedy: string;
}

/** Causes that are not in the token, the likeliest first. */
export interface OtherCauses {
  /** Only this kind of server has them. */
  special: OtherCause[];
  /** Every kind of server has them. */
  common: OtherCause[];
}

/** The endpoint of a server, the user who logs in, and the keys it accepts. */
export interface VerifyOptions {
  host: string;
  port: number;
  /** Without it, the region in the host name. */
  region?: string;
  /** The user who is logging in; without it, any. */
  user?: string;
  credentials: Credentials;
  /** How far ahead the signer's clock may be, in seconds; 300 is the default. */
  tolerance?: number;
}

export interface Login {
  user: string;
  accessKeyId: string;
  host: string;
  port: number;
  expiresAt: Moment;
}

/** One user of one database: no part may have a wildcard. */
export interface PolicyUser {
  /** Without it, the region in the host name. */
  region?: string;
  host?: string;
  /** 12 digits. */
  account: string;
  /** `db-…`, `cluster-…` or `prx-…`. */
  resourceId: string;
  user: string;
}

/** Whether a policy document allows a login. */
export interface PolicyReport {
  verdict: "allowed" | "denied" | "undecided";
  /** The verdict with the statement that decides, then a line for each other statement. */
  lines: string[];
}

export type Engine = "postgres" | "mysql" | "mariadb";

export interface SqlUser {
  engine: Engine;
  user: string;
  /**
   * The SQL runs only in sessions that are UTF-8, in the client and on the server. For MySQL and MariaDB, a
   * name beyond ASCII is rejected without it.
   */
  utf8Session?: boolean;
}

/** Create a user, turn tokens on for an existing one, or turn them off again. */
export type Change = "create" | "enable" | "disable";
