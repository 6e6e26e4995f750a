/* AWSAuthenticationPlugin for MariaDB, and for logins MySQL 5.6: gets the password from the client in clear, and lets the
   program rds-stand-in decide. The password goes to it over a socket pair, never in an argument. */
#define _GNU_SOURCE
#include "mariadb.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { SECONDS = 10, LONGEST = 65536 };

static char program[4096], folder[4096];

static int read_settings(void *unused) {
    (void)unused;
    const char *value = getenv("RDS_STAND_IN");
    if (!value || value[0] != '/')
        return 1;
    int length = snprintf(folder, sizeof folder, "folder=%s", value);
    int whole = snprintf(program, sizeof program, "%s/rds-stand-in", value);
    return length < 0 || length >= (int)sizeof folder || whole < 0 || whole >= (int)sizeof program;
}

static long long now(void) {
    struct timespec time;
    return clock_gettime(CLOCK_MONOTONIC, &time) ? 0 : time.tv_sec * 1000LL + time.tv_nsec / 1000000;
}

/* Limits the next call on the socket to what is left of the time. Returns 0 if some is left. */
static int limit(int socket, long long end) {
    long long left = end - now();
    struct timeval time = {.tv_sec = left / 1000, .tv_usec = left % 1000 * 1000};
    return left <= 0 || setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &time, sizeof time) ||
           setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time);
}

/* Sends a field with its length in front. Returns 0 if all of it was sent. */
static int send_field(int socket, long long end, const void *data, size_t length) {
    unsigned char size[4] = {length >> 24 & 255, length >> 16 & 255, length >> 8 & 255, length & 255};
    const unsigned char *parts[] = {size, data};
    size_t lengths[] = {sizeof size, length};
    for (int part = 0; part < 2; part++)
        for (size_t sent = 0; sent < lengths[part];) {
            if (limit(socket, end))
                return 1;
            ssize_t count = send(socket, parts[part] + sent, lengths[part] - sent, MSG_NOSIGNAL);
            if (count < 0 && errno != EINTR)
                return 1;
            sent += count > 0 ? (size_t)count : 0;
        }
    return 0;
}

/* Returns 1 if the answer is "yes" and nothing else. */
static int is_yes(int socket, long long end) {
    char answer[8];
    size_t length = 0;
    while (length < sizeof answer) {
        if (limit(socket, end))
            return 0;
        ssize_t count = recv(socket, answer + length, sizeof answer - length, 0);
        if (count == 0)
            return length == 3 && !memcmp(answer, "yes", 3);
        if (count < 0 && errno != EINTR)
            return 0;
        length += count > 0 ? (size_t)count : 0;
    }
    return 0;
}

/* Starts the program with the socket as its input and output, and nothing else of the server's. */
static int start(pid_t *process, int socket) {
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    sigset_t none, all;
    char engine[] = "engine=" ENGINE, *arguments[] = {program, engine, folder, NULL}, *environment[] = {NULL};
    sigemptyset(&none);
    sigfillset(&all);
    if (posix_spawn_file_actions_init(&files))
        return 1;
    if (posix_spawnattr_init(&attributes)) {
        posix_spawn_file_actions_destroy(&files);
        return 1;
    }
    int failed = posix_spawn_file_actions_adddup2(&files, socket, 0) ||
                 posix_spawn_file_actions_adddup2(&files, socket, 1) ||
                 posix_spawn_file_actions_addclosefrom_np(&files, 3) ||
                 posix_spawnattr_setsigmask(&attributes, &none) ||
                 posix_spawnattr_setsigdefault(&attributes, &all) ||
                 posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF) ||
                 posix_spawn(process, program, &files, &attributes, arguments, environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    return failed;
}

static int authenticate(struct vio *vio, struct login *login) {
    unsigned char *packet = NULL;
    int length = vio->read_packet(vio, &packet), pair[2], lets_in = 0;
    pid_t process;
    if (length < 0 || !packet || !login->user)
        return CR_ERROR;
    login->password_used = length > 1;
    /* A password ends with a zero, and has none before. The server has the name until the end. */
    if (length < 1 || length > LONGEST || memchr(packet, 0, (size_t)length) != packet + length - 1)
        return CR_ERROR;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair))
        return CR_ERROR;
    int started = !start(&process, pair[1]);
    close(pair[1]);
    if (started) {
        long long end = now() + SECONDS * 1000LL;
        lets_in = !send_field(pair[0], end, login->user, login->user_length) &&
                  !send_field(pair[0], end, login->account, login->account_length) &&
                  !send_field(pair[0], end, packet, (size_t)length - 1) &&
                  !shutdown(pair[0], SHUT_WR) && is_yes(pair[0], end);
        /* The program ends when its input does; one that hangs is killed. */
        close(pair[0]);
        if (!lets_in && now() >= end)
            kill(process, SIGKILL);
        while (waitpid(process, NULL, 0) < 0 && errno == EINTR)
            ;
    } else
        close(pair[0]);
    return lets_in ? CR_OK : CR_ERROR;
}

/* Accepts what stands behind AS if it is 'RDS'. */
static int check_account(const char *text, size_t length, unsigned char *out, size_t *out_length) {
    if (length != 3 || memcmp(text, "RDS", 3) || *out_length < 3) {
        my_print_error_service->printf_error(ER_UNKNOWN, "AWSAuthenticationPlugin: expected AS 'RDS'", 0);
        return 1;
    }
    memcpy(out, text, *out_length = 3);
    return 0;
}

DECLARE_PLUGIN("AWSAuthenticationPlugin", authenticate, check_account, read_settings)
