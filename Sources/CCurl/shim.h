#pragma once
// libcurl. Its options are set and read by variadic functions, which Swift cannot call: here is one function for each type of value.
#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>

/// What takes a header line or a piece of a body: data, the size of an item (always 1), how many, and the option's pointer.
typedef size_t (*skein_curl_data_callback)(char *data, size_t size, size_t count, void *context);

static inline CURLcode skein_curl_set_long(CURL *handle, CURLoption option, long value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode skein_curl_set_size(CURL *handle, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(handle, option, value);
}

/// libcurl keeps a copy of the text.
static inline CURLcode skein_curl_set_text(CURL *handle, CURLoption option, const char *value) {
    return curl_easy_setopt(handle, option, value);
}

/// libcurl copies as many bytes as CURLOPT_POSTFIELDSIZE_LARGE says, which is set before.
static inline CURLcode skein_curl_copy_body(CURL *handle, const void *bytes) {
    return curl_easy_setopt(handle, CURLOPT_COPYPOSTFIELDS, bytes);
}

/// The list stays the caller's and lives as long as the handle uses it.
static inline CURLcode skein_curl_set_headers(CURL *handle, struct curl_slist *list) {
    return curl_easy_setopt(handle, CURLOPT_HTTPHEADER, list);
}

static inline CURLcode skein_curl_set_pointer(CURL *handle, CURLoption option, void *value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode skein_curl_set_data_callback(CURL *handle, CURLoption option, skein_curl_data_callback callback) {
    return curl_easy_setopt(handle, option, callback);
}

static inline CURLcode skein_curl_set_request_callback(CURL *handle, curl_prereq_callback callback) {
    return curl_easy_setopt(handle, CURLOPT_PREREQFUNCTION, callback);
}

static inline CURLcode skein_curl_set_socket_callback(CURL *handle, curl_sockopt_callback callback) {
    return curl_easy_setopt(handle, CURLOPT_SOCKOPTFUNCTION, callback);
}

static inline CURLcode skein_curl_get_long(CURL *handle, CURLINFO info, long *value) {
    return curl_easy_getinfo(handle, info, value);
}

static inline CURLMcode skein_curl_multi_set_long(CURLM *handle, CURLMoption option, long value) {
    return curl_multi_setopt(handle, option, value);
}
