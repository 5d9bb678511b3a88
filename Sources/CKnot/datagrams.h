#pragma once
// Many datagrams a system call (recvmmsg(2), sendmmsg(2)): glibc declares these only with _GNU_SOURCE, which a Clang module cannot set.
#include <poll.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

/// A struct sockaddr_in or sockaddr_in6, laid out as the longer of the two (ip(7), ipv6(7)): Swift finds the system's own in several modules.
/// An IPv4 address is words[0], an IPv6 address words[1] to words[4], both in network byte order.
struct skein_peer {
    uint16_t family;
    uint16_t port;
    uint32_t words[6];
};

/// The kernel's struct mmsghdr.
struct skein_datagram {
    struct msghdr header;
    unsigned int length;
};

/// Returns how many datagrams were read, or -1 with errno.
static inline int skein_receive_datagrams(int descriptor, struct skein_datagram *datagrams, unsigned int count)
{
    return (int)syscall(SYS_recvmmsg, descriptor, datagrams, count, MSG_DONTWAIT, (void *)0);
}

/// Returns how many datagrams were sent, or -1 with errno when the first could not be.
static inline int skein_send_datagrams(int descriptor, struct skein_datagram *datagrams, unsigned int count)
{
    return (int)syscall(SYS_sendmmsg, descriptor, datagrams, count, MSG_DONTWAIT | MSG_NOSIGNAL);
}
