/* SPDX-License-Identifier: MIT */
/* portend/server.h and portend/server_options.h. */

%{
typedef struct {
  portend_server *handle;
  char **words; /* of the command, and NULL behind them */
  size_t count;
} portend_program;

static void portend_forget_words(portend_program *program) {
  for (size_t i = 0; i < program->count; ++i) free(program->words[i]);
  free(program->words);
  program->words = NULL;
  program->count = 0;
}

static portend_status portend_add_word(portend_program *program, const char *word) {
  char **words = (char **)realloc(program->words, (program->count + 2) * sizeof(char *));
  if (words) program->words = words;
  char *copy = words ? (char *)malloc(strlen(word) + 1) : NULL;
  if (!copy) return PORTEND_ERR_NO_MEMORY;
  words[program->count++] = strcpy(copy, word);
  words[program->count] = NULL;
  return portend_server_set_command(program->handle, (const char *const *)words);
}
%}

%apply const char *text { const char *word, const char *path, const char *name, const char *prefix };
%apply const char *text_or_null { const char *value_or_null };

%blocking(portend_program::start)
%blocking(portend_program::launch)
%blocking(portend_program::wait_ready)
%blocking(portend_program::stop)

%rename(Server) portend_program;
typedef struct {} portend_program;
%constructor_of(portend_program)
%extend portend_program {
  /* NULL if there is no memory or no descriptor. */
  portend_program() {
    portend_program *program = (portend_program *)calloc(1, sizeof(portend_program));
    if (program && portend_server_create(&program->handle) != PORTEND_OK) {
      free(program);
      program = NULL;
    }
    if (program) portend_server_set_interrupt(program->handle, PORTEND_INTERRUPT_HOOK, NULL);
    return program;
  }
  ~portend_program() {
    portend_server_destroy($self->handle);
    portend_forget_words($self);
    free($self);
  }

  /* Adds a word of the command. The first word is the program. */
  portend_status add_word(const char *word) { return portend_add_word($self, word); }
  portend_status set_environment(const char *name, const char *value_or_null) {
    return portend_server_set_environment($self->handle, name, value_or_null);
  }
  portend_status set_directory(const char *path) { return portend_server_set_directory($self->handle, path); }
  portend_status set_name(const char *name) { return portend_server_set_name($self->handle, name); }
  portend_status set_port(int port) { return portend_server_set_port($self->handle, port); }
  portend_status set_finder(portend_finder *finder) { return portend_server_set_finder($self->handle, finder); }
  portend_status set_any_owner(int enabled) { return portend_server_set_any_owner($self->handle, enabled); }
  portend_status set_any_port(int enabled) { return portend_server_set_any_port($self->handle, enabled); }
  portend_status set_reserved(int enabled) { return portend_server_set_reserved($self->handle, enabled); }
  portend_status set_output(const char *path) { return portend_server_set_output($self->handle, path); }
  portend_status set_output_fd(int fd, const char *prefix) {
    return portend_server_set_output_fd($self->handle, fd, prefix);
  }
  portend_status set_grace(int64_t grace_ms) { return portend_server_set_grace($self->handle, grace_ms); }

  portend_status reserve(void) { return portend_server_reserve($self->handle, NULL); }
  portend_status start(int64_t timeout_ms) { return portend_server_start($self->handle, timeout_ms); }
  portend_status launch(void) { return portend_server_launch($self->handle); }
  portend_status wait_ready(int64_t timeout_ms) { return portend_server_wait_ready($self->handle, timeout_ms); }
  void cancel(void) { portend_server_cancel($self->handle); }
  portend_status begin_stop(int64_t grace_ms) { return portend_server_begin_stop($self->handle, grace_ms); }
  portend_status stop(int64_t grace_ms) { return portend_server_stop($self->handle, grace_ms); }

  int port(void) { return portend_server_port($self->handle); }
  int64_t pid(void) { return portend_server_pid($self->handle); }
  int alive(void) { return portend_server_alive($self->handle); }
  int exit_status(void) { return portend_server_exit_status($self->handle); }
  const char *output(void) { return portend_server_output($self->handle); }
  int fd(void) { return portend_server_fd($self->handle); }
  const char *message(void) { return portend_server_message($self->handle); }
  %rename(errno) error_number;
  int error_number(void) { return portend_server_errno($self->handle); }
}
