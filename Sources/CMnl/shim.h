#pragma once
// libmnl, and the kernel's own headers for the messages that are written and read with it. What C offers only as a macro or a
// variadic function has an inline function here.
#include <libmnl/libmnl.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sched.h>
#include <sys/syscall.h>
#include <unistd.h>

/// Puts the calling thread into the network namespace of a descriptor: setns(2).
static inline int skein_enter_network_namespace(int descriptor) { return (int)syscall(SYS_setns, descriptor, CLONE_NEWNET); }

/// Gives the calling thread a new network namespace: unshare(2).
static inline int skein_unshare_network_namespace(void) { return (int)syscall(SYS_unshare, CLONE_NEWNET); }

/// The calling thread's id: gettid(2).
static inline int skein_thread_id(void) { return (int)syscall(SYS_gettid); }
