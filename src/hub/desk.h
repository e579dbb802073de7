// A part of the hub that stands on its own: it brings routes and follows the evidence or the clock on a thread of its
// own. Which ones there are, desks.cc says; nothing else of the hub knows them.
#pragma once

#include <vector>

#include "api/route.h"
#include "hub/admin_service.h"

namespace luy::hub {

class Desk {
 public:
  virtual ~Desk() = default;
  // Asked once, before start(); the desk outlives its routes.
  virtual std::vector<api::Route> routes() = 0;
  // What it answers on the administration port; asked once, before start().
  virtual void administer(AdminService::Dependencies&) {}
  virtual void start() = 0;
  // Twice does no harm.
  virtual void stop() = 0;
};

}  // namespace luy::hub
