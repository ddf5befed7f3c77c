/* SPDX-License-Identifier: MIT */
#include <portend/target.h>
#include <portend/wait.h>

#include <string.h>

#include "support/handles.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const struct {
  const char* text;
  const char* host;
  int port;
} other_forms[] = {
    {"[fe80::1%25lo]:80", "fe80::1%lo", 80},
    {"*:80", "*", 80},
    {"0.0.0.0:80", "0.0.0.0", 80},
    {"[::]:80", "::", 80},
    {"localhost:http", "localhost", 80},
    {"localhost:HTTPS", "localhost", 443},
    {"[::1]:postgresql", "::1", 5432},
    {"db:mongodb", "db", 27017},
    {"tcp://10.0.0.1:6379", "10.0.0.1", 6379},
    {"TCP://h:1", "h", 1},
    {"http://h", "h", 80},
    {"http://h:", "h", 80},
    {"http://h:8080/health?deep=1#top", "h", 8080},
    {"https://h/", "h", 443},
    {"http://*:8080", "*", 8080},
    {"http://[::1]", "::1", 80},
    {"http://[::1]:8080/", "::1", 8080},
    {"http://[fe80::1%25lo]/", "fe80::1%lo", 80},
    {"http://[fe80::1%lo]/", "fe80::1%lo", 80},
    {"http://[fe80::1%251]/", "fe80::1%1", 80},
    {"http://registry:4873/@scope/package", "registry", 4873},
    {"http://ex%61mple.org", "example.org", 80},
    {"http://b%C3%BCcher.example",
     "b\xc3\xbc"
     "cher.example",
     80},
    {"postgresql://user:secret@db/app", "db", 5432},
    {"postgres://user:secret@db:6000/app?sslmode=require", "db", 6000},
    {"postgresql+psycopg2://user@db", "db", 5432},
    {"postgis://db", "db", 5432},
    {"jdbc:mysql://db/app", "db", 3306},
    {"JDBC:sqlserver://db;user=sa;password=secret", "db", 1433},
    {"mysql://us%40er:se%2Fcret@db", "db", 3306},
    {"mysql://us@er:s:e:c@db", "db", 3306},
    {"redis://:secret@cache/0", "cache", 6379},
    {"rediss://cache", "cache", 6379},
    {"amqp://guest:guest@mq/%2F", "mq", 5672},
    {"amqps://mq", "mq", 5671},
    {"mongodb://user:secret@a/db", "a", 27017},
    {"mqtt://broker", "broker", 1883},
    {"nats://n", "n", 4222},
    {"ws://h", "h", 80},
    {"wss://h", "h", 443},
    {"ldap://h", "h", 389},
    {"git+ssh://git@h/repository", "h", 22},
    {"smtp://h", "h", 25},
};

static void urls_services_and_wildcards_are_targets(void** state) {
  (void)state;
  for (size_t i = 0; i < COUNT(other_forms); ++i) {
    char host[PORTEND_HOST_SIZE];
    int port = 0;
    assert_status(portend_parse_target(other_forms[i].text, host, sizeof host, &port), PORTEND_OK);
    assert_string_equal(host, other_forms[i].host);
    assert_int_equal(port, other_forms[i].port);
  }
}

static const struct {
  const char* text;
  const char* problem;
} refused[] = {
    {"tcp://h", "'tcp://...' is not a target: services(5) has no TCP port for its scheme; write the port"},
    {"no-such-scheme://h", "has no TCP port for its scheme"},
    {"no-such-scheme+ssh2://h", "has no TCP port for its scheme"},
    {"http://h:0", "outside 1 to 65535"},
    {"http://h:65536", "outside 1 to 65535"},
    {"http://h:http", "must be a number"},
    {"http://h: 80", "must be a number"},
    {"http://", "has no host"},
    {"http:///path", "has no host"},
    {"postgresql:///app", "has no host"},
    {"tcp://:80", "has no host"},
    {"http://h%", "two hexadecimal digits"},
    {"http://h%2", "two hexadecimal digits"},
    {"http://h%2g", "two hexadecimal digits"},
    {"http://h%00", "cannot have"},
    {"http://h%40x", "cannot have"},
    {"http://h%3A80", "cannot have"},
    {"http://h x", "cannot have"},
    {"http://h*", "cannot have"},
    {"http://h%FF", "is not UTF-8"},
    {"http://::1", "needs brackets, as in tcp://[::1]:80"},
    {"http://h:1:2", "needs brackets, as in tcp://[::1]:80"},
    {"http://[::1", "'[' without a ']'"},
    {"http://[::1]80", "after the brackets"},
    {"http://[h]", "only an IPv6 address can stand in brackets"},
    {"http://[fe80::1]", "without its zone"},
    {"mongodb://a,b/db", "has several hosts; write a target for each"},
    {"postgresql://a:1,b:2/db", "has several hosts"},
    {"mongodb+srv://cluster.example/db", "names an SRV record"},
    {"unix:/run/x.sock",
     "'unix:...' is not a target: it names a UNIX socket, and portend waits for TCP ports."},
    {"unix:///run/x.sock", "'unix://...' is not a target: it names a UNIX socket"},
    {"UNIX:x", "names a UNIX socket"},
    {"http+unix://%2Frun%2Fdocker.sock/", "names a UNIX socket"},
    {"redis+socket:///run/redis.sock", "names a UNIX socket"},
    {"postgresql://%2Frun%2Fpostgresql/app", "names a UNIX socket"},
    {"/run/x.sock", "A path is not a target: it names a UNIX socket"},
    {"./x.sock", "A path is not a target: it names a UNIX socket"},
    {"udp:53", "names a UDP port"},
    {"udp://h:53", "names a UDP port"},
    {"sqlite:///db.sqlite", "names a file"},
    {"sqlite+aiosqlite:///db.sqlite", "names a file"},
    {"file:///x", "names a file"},
    {"h:80/health", "write HOST:PORT, or a URL"},
    {"http:/h", "write HOST:PORT, or a URL"},
    {"user@h:80", "write HOST:PORT, or a URL"},
};

static void a_text_of_another_kind_is_reported_as_such(void** state) {
  (void)state;
  for (size_t i = 0; i < COUNT(refused); ++i) {
    char host[PORTEND_HOST_SIZE] = "untouched";
    int port = 4711;
    assert_status(portend_parse_target(refused[i].text, host, sizeof host, &port), PORTEND_ERR_INVALID);
    assert_contains(portend_last_error(), refused[i].problem);
    assert_string_equal(host, "untouched");
    assert_int_equal(port, 4711);
  }
}

/// Each text contains a secret, where people or their tools put one by mistake.
static const char* const texts_with_secrets[] = {
    "postgresql://user:SECRET@",
    "postgresql://user:SECRET@/app",
    "postgresql://user:SECRET@:5432/app",
    "postgresql://user:SECRET@db:port/app",
    "postgresql://user:SECRET@db:0/app",
    "postgresql://user:SECRET@db:99999/app",
    "postgresql://user:SECRET@a,b/app",
    "postgresql://user:SECRET@d b/app",
    "postgresql://user:SECRET@db\t/app",
    "postgresql://user:SECRET@[::1/app",
    "postgresql://user:SECRET@[::1]x/app",
    "postgresql://user:SECRET@[fe80::1]/app",
    "postgresql://user:SECRET@::1/app",
    "postgresql://user:SECRET@db%2/app",
    "postgresql://user:SECRET@db%00/app",
    "postgresql://user:SECRET@%2Frun%2Fpostgresql/app",
    "postgresql://user:SECRET@\xff/app",
    "postgresql://user:12/SECRET@db/app",
    "postgresql://user:SEC/RET@db/app",
    "postgresql://user:SEC/SECRET@db/app",
    "postgresql://user:SECRET?x@db/app",
    "postgresql://user:SECRET#x@db/app",
    "postgresql://user:SECRET",
    "postgresql://user%3ASECRET%40db/app",
    "postgresql://SECRET(db)/app",
    "postgresql:/user:SECRET@db/app",
    "postgresql:user:SECRET@db/app",
    "postgresql//user:SECRET@db/app",
    "user:SECRET@db:5432",
    "user:SECRET@tcp(db:3306)/app",
    "user:SECRET:db:5432",
    ":SECRET@db:5432",
    "db:5432/SECRET",
    "db:5432?password=SECRET",
    "host=db password=SECRET",
    "password=SECRET:5432",
    "nosuchscheme://user:SECRET@db/SECRET",
    "mongodb+srv://user:SECRET@db/app",
    "mongodb://user:SECRET@a:1,b:2/app",
    "sqlite:///SECRET",
    "file:///SECRET",
    "unix:/run/SECRET",
    "unix:///run/SECRET",
    "unix:SECRET@x",
    "udp://user:SECRET@h:53",
    "/run/SECRET",
    "./SECRET",
    "~/SECRET",
    "http+unix://%2Frun%2FSECRET",
    "http://user:SECRET@h:port/",
    "http://user:SECRET/x@h/",
    "jdbc:sqlserver://:1433;password=SECRET",
    "jdbc:oracle:thin:user/SECRET@h:1521/x",
    "DefaultEndpointsProtocol=https;AccountKey=SECRET",
    "https://hooks.example:x/SECRET",
    "1http://user:SECRET@h",
    "://user:SECRET@h",
};

static void a_secret_is_in_no_message(void** state) {
  (void)state;
  for (size_t i = 0; i < COUNT(texts_with_secrets); ++i) {
    char host[PORTEND_HOST_SIZE];
    int port = 0;
    assert_status(portend_parse_target(texts_with_secrets[i], host, sizeof host, &port), PORTEND_ERR_INVALID);
    assert_contains(portend_last_error(), " is not a target: ");
    assert_null(strstr(portend_last_error(), "SEC"));
    assert_null(strstr(portend_last_error(), "RET"));
  }
}

static void a_url_as_a_host_is_refused_and_not_shown(void** state) {
  (void)state;
  assert_status(portend_occupied("postgresql://user:SECRET@db/app", 5432, 0), PORTEND_ERR_INVALID);
  assert_string_equal(portend_last_error(),
                      "The host 'postgresql://...' is neither a name nor a numeric address.");
  assert_status(portend_occupied("user:SECRET@db", 5432, 0), PORTEND_ERR_INVALID);
  assert_null(strstr(portend_last_error(), "SECRET"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      tidy(urls_services_and_wildcards_are_targets),
      tidy(a_text_of_another_kind_is_reported_as_such),
      tidy(a_secret_is_in_no_message),
      tidy(a_url_as_a_host_is_refused_and_not_shown),
  };
  return cmocka_run_group_tests_name("portend/target.h: URLs", tests, NULL, NULL);
}
