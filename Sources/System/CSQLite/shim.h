#pragma once
#include <sqlite3.h>

// Swift cannot call C variadics, nor read macros that cast.

/// sqlite3_db_config for the verbs that take an on/off flag and may report the new state.
static inline int csqlite_db_config_flag(sqlite3 *db, int verb, int on) {
  int now = 0;
  return sqlite3_db_config(db, verb, on, &now);
}

/// SQLITE_TRANSIENT: SQLite copies the bytes before the call returns.
static inline sqlite3_destructor_type csqlite_transient(void) { return SQLITE_TRANSIENT; }

/// A virtual table and its cursor, each with room for what is ours behind what SQLite knows of.
struct csqlite_vtab {
  sqlite3_vtab base;
  void *data;
};
struct csqlite_vtab_cursor {
  sqlite3_vtab_cursor base;
  void *data;
  sqlite3_int64 row;
};
