/* The parts of MariaDB's interface for plugins that plugin.c uses, declared by hand: the package with the
   headers has 600 MB. ./check-headers compares them with those headers. With -DMYSQL_56, those of MySQL 5.6,
   which differ in a few places. */
#include <stddef.h>

#ifdef MYSQL_56
enum { USER_NAME = 49, EXTERNAL_USER = 512, PLUGIN_INTERFACE = 0x0104, AUTH_INTERFACE = 0x0100 };
#define SYMBOL(NAME) _mysql_##NAME
#define ENGINE "mysql"
#define VERSION NULL, 0
#else
enum { USER_NAME = 513, EXTERNAL_USER = 513, PLUGIN_INTERFACE = 0x010f, AUTH_INTERFACE = 0x0202 };
#define SYMBOL(NAME) _maria_##NAME
#define ENGINE "mariadb"
#define VERSION "1.0", 5
#endif

enum { CR_OK = -1, CR_ERROR = 0, ER_UNKNOWN = 1105 };

struct vio {
    int (*read_packet)(struct vio *, unsigned char **);
    int (*write_packet)(struct vio *, const unsigned char *, int);
    void (*info)(struct vio *, void *);
};

/* MYSQL_SERVER_AUTH_INFO */
struct login {
    const char *user;
    unsigned user_length;
    const char *account;
    unsigned long account_length;
    char authenticated_as[USER_NAME];
    char external_user[EXTERNAL_USER];
    int password_used;
    const char *host;
    unsigned host_length;
    void *thd;
};

/* struct st_mysql_auth */
struct auth {
    int version;
    const char *client_plugin;
    int (*authenticate)(struct vio *, struct login *);
    int (*hash_password)(const char *, size_t, char *, size_t *);
    int (*preprocess_hash)(const char *, size_t, unsigned char *, size_t *);
};

/* struct st_maria_plugin */
struct plugin {
    int type;
    const void *info;
    const char *name, *author, *description;
    int license;
    int (*init)(void *), (*deinit)(void *);
    unsigned version;
    void *status_variables, *system_variables;
#ifdef MYSQL_56
    void *reserved;
    unsigned long flags;
#else
    const char *version_text;
    unsigned maturity;
#endif
};

/* struct my_print_error_service_st. The server puts its address in the place of the version. */
struct print_error {
    void (*error)(unsigned, unsigned long, ...);
    void (*printf_error)(unsigned, const char *, unsigned long, ...);
    void (*printv_error)(void);
};
extern struct print_error *my_print_error_service;

enum { AUTHENTICATION = 7, PRINT_ERROR = 0x0100 };

#define DECLARE_PLUGIN(NAME, AUTHENTICATE, PREPROCESS_HASH, INIT)                                            \
    struct print_error *my_print_error_service = (void *)PRINT_ERROR;                                        \
    static const struct auth auth = {AUTH_INTERFACE, "mysql_clear_password", AUTHENTICATE, NULL,             \
                                     PREPROCESS_HASH};                                                       \
    int SYMBOL(plugin_interface_version_) = PLUGIN_INTERFACE;                                                 \
    int SYMBOL(sizeof_struct_st_plugin_) = sizeof(struct plugin);                                             \
    struct plugin SYMBOL(plugin_declarations_)[] = {                                                          \
        {AUTHENTICATION, &auth, NAME, "rds-iam-token", "Asks rds-stand-in whether a password is a token", 1, \
         INIT, NULL, 0x0100, NULL, NULL, VERSION},                                                           \
        {0},                                                                                                 \
    };
