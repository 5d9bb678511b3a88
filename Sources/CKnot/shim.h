#pragma once
// What the name server needs of C: libknot's messages, and system calls that Swift's Glibc module leaves out.
#include <libknot/libknot.h>
#include "datagrams.h"

/// Puts one record set under the question's name into the section being written.
///
/// `rdata` is a run of `count` knot_rdata_t, `size` bytes in all; it has to live until the reply is cleared or begun again.
/// Returns KNOT_EOK, or KNOT_ESPACE with the TC bit set when the set does not fit as a whole.
static inline int skein_knot_put_records(knot_pkt_t *reply, uint16_t type, uint32_t ttl, uint8_t *rdata, uint16_t count, uint32_t size)
{
    knot_rrset_t set;
    knot_rrset_init(&set, reply->lower_qname, type, KNOT_CLASS_IN, ttl);
    set.rrs.count = count;
    set.rrs.size = size;
    set.rrs.rdata = (knot_rdata_t *)rdata;
    return knot_pkt_put(reply, KNOT_COMPR_HINT_QNAME, &set, KNOT_PF_NULL);
}

/// Points a packet at other memory, with `size` bytes in it, so that one packet serves all messages.
static inline void skein_knot_use_wire(knot_pkt_t *packet, uint8_t *wire, size_t size, size_t capacity)
{
    packet->wire = wire;
    packet->size = size;
    packet->max_size = capacity;
}

/// The EDNS version, payload and DO bit of the OPT record, valid when knot_pkt_has_edns says there is one.
static inline uint8_t skein_knot_edns_version(const knot_pkt_t *packet) { return knot_edns_get_version(packet->opt_rr); }
static inline uint16_t skein_knot_edns_payload(const knot_pkt_t *packet) { return knot_edns_get_payload(packet->opt_rr); }
