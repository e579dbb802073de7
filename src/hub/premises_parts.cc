// The running hub's part for the registers of what stands in an agency and on its networks.
#include "hub/premises_desk.h"
#include "hub/state.h"

namespace luy::hub {

Result<void> Hub::State::open_premises() {
  PremisesDesk::Dependencies of_premises{core->database(),
                                         core->directory(),
                                         clock,
                                         random,
                                         *inventory,
                                         pack,
                                         [this](const AgencyId& agency) { return core->agencies().lineage(agency); },
                                         [this] { return core->agencies().all(); },
                                         [this](const finding::Report& report) { return findings->report(report); },
                                         [this](const std::string& act) { return proofs->seq("of:" + act); },
                                         [this](const std::vector<DeviceId>& devices) { note_owners(devices); }};
  LUY_TRY(auto desk_of_premises, PremisesDesk::open(std::move(of_premises)));
  premises = desk_of_premises.get();
  desks.push_back(std::move(desk_of_premises));
  return {};
}

}  // namespace luy::hub
