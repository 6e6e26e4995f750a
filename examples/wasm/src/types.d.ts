/** What every function throws where it refuses something. */
export interface InputError extends Error {
  /** The value that is refused, by its name. */
  input: string;
}

/** A moment in milliseconds since 1970, as `Date.now()` gives it. */
export type Moment = number;

export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  /** Comes with a temporary key. */
  sessionToken?: string;
  /** When a temporary key ends. */
  expiresAt?: Moment;
}

export interface SignRequest {
  host: string;
  port: number;
  /** The database's region; without it, what the host tells. There is no default. */
  region?: string;
  user: string;
  /** In seconds, from 1 to 900, which is the default. */
  lifetime?: number;
  credentials: Credentials;
}

export interface SignedToken {
  /** The password. */
  token: string;
  /** The end of its lifetime, or of the credentials where that comes first. */
  expiresAt: Moment;
}

/** What a token says, without its secrets. */
export interface TokenParts {
  host: string;
  port: number;
  endpoint: Endpoint;
  user: string;
  region: string;
  service: string;
  action: string;
  algorithm: string;
  signedHeaders: string;
  accessKeyId: string;
  scopeDate: string;
  signedAt: Moment;
  /** In seconds. */
  lifetime: number;
  expiresAt: Moment;
  /** In characters; there is none without a session token. */
  sessionTokenLength?: number;
}

/** What the name of a host tells. */
export interface Endpoint {
  kind: string;
  /** Whether RDS takes tokens that are signed for such a host. */
  takesTokens: boolean;
  region?: string;
}

/** What a token should be: as much or as little as is known. */
export interface Known {
  host?: string;
  port?: number;
  region?: string;
  user?: string;
  credentials?: Credentials;
}

export interface Finding {
  /** A name that stays as it is, `wrong-host`. */
  cause: string;
  message: string;
  /** What to do. */
  remedy: string;
}

export interface Diagnosis {
  /** Worst first: a cause before what follows from it. */
  findings: Finding[];
  /** What the token says, where it can be read whole; the damage of a copy is read through. */
  parts?: TokenParts;
  /** What can be read of a token that is damaged further, without its secrets. */
  readable: { name: string; value: string }[];
}

export type Server = "postgres" | "mysql" | "proxy";

export interface OtherCause {
  message: string;
  remedy: string;
}

/** Whom a server lets in, and with which keys. */
export interface VerifyOptions {
  host: string;
  port: number;
  /** Without it, what the host tells. */
  region?: string;
  /** The user who is logging in; without it, whoever the token is for. */
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

export interface PolicyUser {
  /** Without it, what the host tells. */
  region?: string;
  host?: string;
  /** 12 digits, or `*`. */
  account: string;
  /** `db-…`, `cluster-…` or `prx-…`, or `*`. */
  resourceId: string;
  user: string;
}

export type Engine = "postgres" | "mysql" | "mariadb";

/** Create a user, let an existing one in with tokens, or keep its tokens out again. */
export type Change = "create" | "enable" | "disable";
