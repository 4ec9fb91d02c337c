#include <node_api.h>
#include <stdlib.h>
#include <string.h>

/*
 * An addon as many are: a handle in JavaScript stands for memory that the addon takes from malloc, and the program has to
 * close it. The handle has no finalizer. V8 knows of a pointer, and of nothing behind it.
 */

enum { SLOTS = 512, MOST = 1024 };

typedef struct {
  /* Where words begin. */
  size_t starts[SLOTS];
  size_t words;
} Index;

static Index *index_of(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value handle;
  void *index = NULL;
  napi_get_cb_info(env, info, &count, &handle, NULL, NULL);
  napi_get_value_external(env, handle, &index);
  return index;
}

/* open(text): a handle */
static napi_value open_index(napi_env env, napi_callback_info info) {
  size_t count = 1, length = 0;
  napi_value text, handle;
  char bytes[MOST];
  napi_get_cb_info(env, info, &count, &text, NULL, NULL);
  napi_get_value_string_utf8(env, text, bytes, MOST, &length);
  Index *index = calloc(1, sizeof(Index));
  for (size_t at = 0; at < length && index->words < SLOTS; at += 1)
    if (bytes[at] != ' ' && (at == 0 || bytes[at - 1] == ' ')) index->starts[index->words++] = at;
  napi_create_external(env, index, NULL, NULL, &handle);
  return handle;
}

/* count(handle): how many words */
static napi_value count_words(napi_env env, napi_callback_info info) {
  napi_value number;
  napi_create_uint32(env, (uint32_t)index_of(env, info)->words, &number);
  return number;
}

/* close(handle): gives the memory back; the handle must not be used again */
static napi_value close_index(napi_env env, napi_callback_info info) {
  free(index_of(env, info));
  return NULL;
}

static void export_function(napi_env env, napi_value exports, const char *name, napi_callback callback) {
  napi_value function;
  napi_create_function(env, name, NAPI_AUTO_LENGTH, callback, NULL, &function);
  napi_set_named_property(env, exports, name, function);
}

NAPI_MODULE_INIT() {
  export_function(env, exports, "open", open_index);
  export_function(env, exports, "count", count_words);
  export_function(env, exports, "close", close_index);
  return exports;
}
