// bare-posts URL CONNECTIONS FILE: posts each line of a file to a URL, with so many threads that have a connection each, and prints how many
// were answered a second and this process's processor time for one in microseconds: the least that a client on libcurl can cost.
#include <curl/curl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static char **lines;
static size_t count, connections;
static const char *url;

struct answer {
    size_t size;
    char text[65536];
};

static size_t take(char *data, size_t size, size_t length, void *context) {
    struct answer *answer = context;
    if (answer->size + size * length >= sizeof answer->text) return 0;
    memcpy(answer->text + answer->size, data, size * length);
    answer->size += size * length;
    return size * length;
}

static void *run(void *number) {
    struct answer *answer = malloc(sizeof *answer);
    struct curl_slist *headers = curl_slist_append(curl_slist_append(NULL, "Content-Type: application/json"), "Expect:");
    CURL *handle = curl_easy_init();
    curl_easy_setopt(handle, CURLOPT_URL, url);
    curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, answer);
    for (size_t line = (size_t)number; line < count; line += connections) {
        answer->size = 0;
        curl_easy_setopt(handle, CURLOPT_POSTFIELDS, lines[line]);
        CURLcode code = curl_easy_perform(handle);
        answer->text[answer->size] = 0;
        if (code != CURLE_OK || !strstr(answer->text, "\"succeeded\":true")) {
            fprintf(stderr, "bare-posts: %s: %s\n", curl_easy_strerror(code), answer->text);
            exit(1);
        }
    }
    curl_easy_cleanup(handle);
    curl_slist_free_all(headers);
    free(answer);
    return NULL;
}

static double seconds(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

int main(int argc, char **argv) {
    char *line = NULL;
    size_t space = 0;
    ssize_t length;
    FILE *file = argc == 4 ? fopen(argv[3], "r") : NULL;
    if (!file || (connections = strtoul(argv[2], NULL, 10)) == 0) {
        fprintf(stderr, "usage: bare-posts URL CONNECTIONS FILE\n");
        return 2;
    }
    url = argv[1];
    while ((length = getline(&line, &space, file)) > 0) {
        if (line[length - 1] == '\n') line[length - 1] = 0;
        lines = realloc(lines, (count + 1) * sizeof *lines);
        lines[count++] = strdup(line);
    }
    curl_global_init(CURL_GLOBAL_ALL);
    pthread_t *threads = calloc(connections, sizeof *threads);
    double begin = seconds(CLOCK_MONOTONIC), work = seconds(CLOCK_PROCESS_CPUTIME_ID);
    for (size_t number = 0; number < connections; number++) pthread_create(&threads[number], NULL, run, (void *)number);
    for (size_t number = 0; number < connections; number++) pthread_join(threads[number], NULL);
    double time = seconds(CLOCK_MONOTONIC) - begin;
    work = seconds(CLOCK_PROCESS_CPUTIME_ID) - work;
    printf("%f %f\n", (double)count / time, work * 1e6 / (double)count);
    return 0;
}
