import { type Client, type QueryOptions, types } from 'cassandra-driver';
import type { Chance } from '#kernel';
import type { SpeculationPolicy } from '../connection/speculation-policy.ts';
import type { Requests } from './requests.ts';

/** What all statements are executed with. */
export interface StatementContext {
  readonly client: Client;
  readonly speculation: SpeculationPolicy;
  readonly requests: Requests;
  readonly keyspace: string;
  readonly chance: Chance;
}

/** A value for a place in a statement. Undefined leaves what is there as it is; null removes it, or asks for absence. */
export type Param = bigint | number | string | boolean | Buffer | null | undefined | readonly (bigint | number)[];

/** A statement with its values, to be executed together with others. */
export interface BatchPart {
  readonly query: string;
  readonly params: Param[];
}

/** The most rows that a read may ask for: larger ones go in steps. */
export const ROWS_MAX = 10_000;

const repeatable: QueryOptions = { prepare: true, isIdempotent: true };
export const readOptions: QueryOptions = { ...repeatable, fetchSize: ROWS_MAX };
export const serialReadOptions: QueryOptions = { ...readOptions, consistency: types.consistencies.localSerial };
export const writeOptions: QueryOptions = repeatable;
export const batchOptions: QueryOptions = { ...repeatable, logged: false };
