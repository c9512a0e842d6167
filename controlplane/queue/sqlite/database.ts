import { Database } from "bun:sqlite";
import { mkdirSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { codeOf } from "#shared/errors.ts";
import { fieldFault } from "#shared/fault.ts";

const schema = `
CREATE TABLE IF NOT EXISTS orders (
  id TEXT PRIMARY KEY,
  tenant TEXT NOT NULL,
  priority TEXT NOT NULL,
  -- The index of the class that it is of by now: 0 is the most urgent.
  class INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  added_at INTEGER NOT NULL,
  sealed TEXT NOT NULL,
  claim_key TEXT,
  claim_number INTEGER,
  state TEXT NOT NULL,
  number INTEGER NOT NULL,
  address TEXT,
  since INTEGER,
  is_cancelled INTEGER NOT NULL DEFAULT 0,
  event TEXT,
  -- What the turn has cost in which it was taken.
  stride REAL NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX IF NOT EXISTS orders_by_turn ON orders (state, class, tenant, sequence);
CREATE INDEX IF NOT EXISTS orders_by_age ON orders (state, class, priority, added_at);
CREATE INDEX IF NOT EXISTS orders_by_tenant ON orders (tenant, id);
CREATE UNIQUE INDEX IF NOT EXISTS orders_by_claim ON orders (claim_key, claim_number) WHERE claim_key IS NOT NULL;
-- How many orders of a tenant wait in a class, and how far its turns have come.
CREATE TABLE IF NOT EXISTS turns (
  class INTEGER NOT NULL,
  tenant TEXT NOT NULL,
  waiting INTEGER NOT NULL,
  pass REAL NOT NULL,
  PRIMARY KEY (class, tenant)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS turns_by_pass ON turns (class, pass, tenant) WHERE waiting > 0;
CREATE TABLE IF NOT EXISTS closed_claims (key TEXT, number INTEGER, at INTEGER NOT NULL, PRIMARY KEY (key, number)) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS ended (id TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS closed_by_age ON closed_claims (at);
CREATE INDEX IF NOT EXISTS ended_by_age ON ended (at);
CREATE TABLE IF NOT EXISTS lease (one INTEGER PRIMARY KEY CHECK (one = 1), holder TEXT NOT NULL, until INTEGER NOT NULL, fence INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS sequence (one INTEGER PRIMARY KEY CHECK (one = 1), last INTEGER NOT NULL) STRICT;
INSERT OR IGNORE INTO sequence VALUES (1, 0);
INSERT OR IGNORE INTO lease VALUES (1, '', 0, 0);
-- Whoever had the lease has lost the file, and need not be waited for.
UPDATE lease SET until = 0;
`;

/** Opens the file of a waiting room for this process alone. Throws `invalid` when another process holds it. */
export function openDatabase(file: string): Database {
  try {
    mkdirSync(dirname(resolve(file)), { recursive: true });
    const database = new Database(file, { create: true, strict: true });
    // In this order: set after WAL, the lock would be taken at the first write only.
    database.run("PRAGMA locking_mode = EXCLUSIVE");
    database.run("PRAGMA journal_mode = WAL");
    database.run("PRAGMA synchronous = FULL");
    database.run(schema);
    return database;
  } catch (cause) {
    throw fieldFault("invalid", "QUEUE_URL", reasonOf(cause, file), { cause });
  }
}

function reasonOf(cause: unknown, file: string) {
  if (codeOf(cause) === "SQLITE_BUSY")
    return `${file} is held by another control plane: give each a file of its own, or use redis:// for several`;
  return `${file} cannot be opened: ${cause instanceof Error ? cause.message : cause}`;
}
