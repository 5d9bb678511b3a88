#pragma once
// libmnl, and the kernel's own headers for the messages that are written and read with it. What C offers only as a macro or a
// variadic function has an inline function here; so have the system calls that Swift's Glibc module does not show.
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/close_range.h>
#include <linux/if_addr.h>
#include <linux/if_arp.h>
#include <linux/if_link.h>
#include <linux/magic.h>
#include <linux/neighbour.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sched.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

/// Puts the calling thread into the network namespace of a descriptor: setns(2).
static inline int skein_enter_network_namespace(int descriptor) { return (int)syscall(SYS_setns, descriptor, CLONE_NEWNET); }

/// Gives the calling thread a new network namespace: unshare(2).
static inline int skein_unshare_network_namespace(void) { return (int)syscall(SYS_unshare, CLONE_NEWNET); }

/// Gives the calling thread a mount namespace of its own: unshare(2).
static inline int skein_unshare_mount_namespace(void) { return (int)syscall(SYS_unshare, CLONE_NEWNS); }

/// Gives the calling thread a descriptor table of its own with nothing but the standard three in it: close_range(2).
static inline int skein_leave_descriptors(void) { return (int)syscall(SYS_close_range, 3, ~0U, CLOSE_RANGE_UNSHARE); }

/// The calling thread's id: gettid(2).
static inline int skein_thread_id(void) { return (int)syscall(SYS_gettid); }

/// Whether a path leads to a namespace, and not to the plain file that one is mounted on.
static inline int skein_is_namespace(const char *path)
{
    struct statfs status;
    return statfs(path, &status) == 0 && status.f_type == NSFS_MAGIC;
}
