#include "premises/equipment_watch.h"

namespace luy::premises {

Conditions conditions_of(const EquipmentBook& book, Time now) {
  const Day today = day_of(now);
  Conditions out;
  for (const EquipmentBook::Entry& entry : book.list(false)) {
    const Equipment& one = entry.equipment;
    if (!one.support_ends_on || *one.support_ends_on - support_told_before > today) continue;
    const bool over = *one.support_ends_on < today;
    const std::string what = one.name + (one.model.empty() ? "" : " (" + one.model + ")");
    const std::string vi_day = to_vietnamese(*one.support_ends_on);
    finding::Report report;
    report.kind = finding::Kind::premises;
    report.group_key = std::string("premises|support|") + (over ? "over|" : "soon|") + one.id.text();
    report.severity = over ? finding::Severity::medium : finding::Severity::low;
    report.title = over ? regulation::Text{"Thiết bị " + what + " không còn được nhà sản xuất hỗ trợ",
                                           "The maker no longer supports the device " + what}
                        : regulation::Text{"Thiết bị " + what + " sắp hết hỗ trợ của nhà sản xuất",
                                           "The maker's support of the device " + what + " ends soon"};
    report.story = {
        "Hạn hỗ trợ trong sổ: " + vi_day + ". Nơi đặt: " + (one.place.empty() ? "chưa ghi" : one.place) + ".",
        "Supported until " + to_iso(*one.support_ends_on) +
            ". Place: " + (one.place.empty() ? "not recorded" : one.place) + "."};
    report.agency = one.agency;
    report.device = one.device;
    report.entities.push_back({finding::EntityType::device, one.device.text()});
    report.first = report.last = now;
    out.emplace((over ? "support_over|" : "support_soon|") + one.id.text(), std::move(report));
  }
  return out;
}

}  // namespace luy::premises
