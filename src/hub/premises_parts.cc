// The running hub's part for the registers of what stands in an agency and on its networks.
#include "hub/premises_desk.h"
#include "hub/state.h"
#include "paper/fill.h"

namespace luy::hub {

Result<void> Hub::State::open_premises() {
  PremisesDesk::Dependencies of_premises{
      core->database(),
      core->directory(),
      clock,
      random,
      *inventory,
      core->store(),
      pack,
      [this](const AgencyId& agency) { return core->agencies().lineage(agency); },
      [this] { return core->agencies().all(); },
      [this](const finding::Report& report) { return findings->report(report); },
      [this](const std::string& act) { return proofs->seq("of:" + act); },
      [this](const std::vector<DeviceId>& devices) { note_owners(devices); },
      [this](const AgencyId& agency) {
        if (pipeline) pipeline->note_findings(agency);
      },
      [this](const AgencyId& agency) {
        std::vector<DeviceId> devices;
        for (const inventory::StatePointer& state : inventory->states()) {
          if (state->device.agency == agency) devices.push_back(state->device.id);
        }
        note_owners(devices);
      },
      [this](const premises::ApiDependencies::Paper& wanted) { return render_paper(wanted); }};
  LUY_TRY(auto desk_of_premises, PremisesDesk::open(std::move(of_premises)));
  premises = desk_of_premises.get();
  desks.push_back(std::move(desk_of_premises));
  return {};
}

Result<std::string> Hub::State::render_paper(const premises::ApiDependencies::Paper& wanted) {
  LUY_TRY(const paper::Form form, paper::load_form(options.pack, wanted.form));
  const incident::Issuer issuer = incidents->cases().issuer(wanted.agency);
  paper::PaperData data;
  data.letterhead = issuer.letterhead;
  data.date = wanted.date;
  data.created = day_begin(wanted.date);
  for (std::size_t i = 0; i < wanted.signers.size() && i < form.signers.size(); ++i) {
    data.signatures.push_back({{form.signers[i]}, "(Ký, ghi rõ họ tên)", wanted.signers[i]});
  }
  data.fields = wanted.fields;
  LUY_TRY(const paper::Document document, paper::fill_form(form, data));
  return incidents->pdf(document);
}

}  // namespace luy::hub
