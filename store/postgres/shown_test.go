package postgres_test

import (
	"testing"

	"github.com/tastetest/tastetest/store/postgres"
)

// What is printed of an address is known to be harmless, wherever in it somebody wrote
// a password.
func TestShown(t *testing.T) {
	for address, want := range map[string]string{
		"postgres://tastetest@db.example.org:5432/tastetest":                     "postgres://tastetest@db.example.org:5432/tastetest",
		"postgresql://db/tastetest?sslmode=verify-full&pool_max_conns=4":         "postgresql://db/tastetest?sslmode=verify-full&pool_max_conns=4",
		"postgres:///tastetest?host=/var/run/postgresql":                         "postgres:///tastetest?host=/var/run/postgresql",
		"postgres://u@a,b:5433/x?target_session_attrs=read-write&sslmode=prefer": "postgres://u@a,b:5433/x?target_session_attrs=read-write&sslmode=prefer",
		"postgres://u@h/db?password=hunter2":                                     "postgres://u@h/db?…",
		"postgres://u@h/db?sslmode=require&sslpassword=hunter2":                  "postgres://u@h/db?sslmode=require&…",
		"postgres://u@h/db?sslmode=hunter2&connect_timeout=5":                    "postgres://u@h/db?connect_timeout=5&…",
		"postgres://u@h/db?connect_timeout=hunter2":                              "postgres://u@h/db?…",
		"postgres://u@h/db?Password=hunter2":                                     "postgres://u@h/db?…",
		"postgres://u@h/db?sslmode=require;password=hunter2":                     "postgres://u@h/db?sslmode=require&…",
		"postgres://u@h/db?hunter2":                                              "postgres://u@h/db?…",
		"postgres://u:hunter2@h/db":                                              "postgres://u:…@h/db",
		"postgres://u%3Ahunter2@h/db":                                            "postgres://…@h/db",
		"postgres://u:12/hunter2@h/db":                                           "postgres://…",
		"postgres://u:12?hunter2@h/db":                                           "postgres://…",
		"postgres://u@h/a%20hunter2":                                             "postgres://u@h/…",
		"postgres://u:1#hunter2@h/db":                                            "postgres://…",
		"postgres://u:hunter2#@h/db":                                             "postgres://…",
		"tastetest.db":                                                           "tastetest.db",
	} {
		if got := postgres.Shown(address); got != want {
			t.Errorf("%s is shown as %s, want %s", address, got, want)
		}
	}
}
