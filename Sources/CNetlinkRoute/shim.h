#pragma once
// libnl-route-3: links, addresses and routes as objects. The kernel's own types come from CMnl alone: were they included here too, it
// would be open to which of the two modules they belong.
#include "../CMnl/shim.h"
#include <netlink/netlink.h>
#include <netlink/msg.h>
#include <netlink/route/addr.h>
#include <netlink/route/link.h>
#include <netlink/route/link/bridge.h>
#include <netlink/route/link/veth.h>
#include <netlink/route/link/vxlan.h>
#include <netlink/route/nexthop.h>
#include <netlink/route/route.h>
