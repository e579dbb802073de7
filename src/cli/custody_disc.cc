// luy custody image | disc: closed days on optical discs. The image is made and read back here, burnt by whoever has
// the drive, and the disc read again before the hub is told of it.
#include <CLI/CLI.hpp>
#include <boost/json.hpp>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>

#include "base/file.h"
#include "cli/admin_client.h"
#include "cli/command.h"
#include "cli/custody_register.h"
#include "cli/disc_image.h"
#include "custody/text.h"
#include "paper/disc_sheet.h"

namespace luy::cli {
namespace {

namespace json = boost::json;
namespace fs = std::filesystem;
using custody::text_at;

constexpr const char* register_address = "/admin/v1/custody";
constexpr mode_t sheet_mode = 0640;
constexpr std::size_t digest_group_chars = 32;

struct DiscArguments {
  std::string data;
  std::string to;  // The folder for images, or what is read.
  std::string kind = "dvd";
  std::string days;
  std::string name;
  std::string custodian;
  std::string place;
  std::string issuer;
  std::string by;
  std::string fonts{paper::font_folder_default};
  std::vector<std::string> witnesses;
  bool as_json = false;
};

struct Wanted {
  json::object answer;
  std::vector<WantedCopy> days;
};

// "22/11/2026".
std::string shown(Day day) {
  const std::string iso = to_iso(day);
  return iso.substr(8, 2) + "/" + iso.substr(5, 2) + "/" + iso.substr(0, 4);
}
std::string span_of(const std::vector<WantedCopy>& days) {
  const std::string first = shown(days.front().day);
  return days.size() == 1 ? first : first + " – " + shown(days.back().day);
}

Result<std::optional<std::pair<Day, Day>>> range_of(const std::string& text) {
  if (text.empty()) return std::optional<std::pair<Day, Day>>();
  const std::size_t dots = text.find("..");
  const auto first = day_from_iso(text.substr(0, dots));
  const auto last = dots == std::string::npos ? first : day_from_iso(text.substr(dots + 2));
  if (!first || !last || *last < *first) return Error(custody::medium_invalid, "--days: YYYY-MM-DD..YYYY-MM-DD");
  return std::optional(std::pair(*first, *last));
}

// The days asked for, else those that lie soundly on no disc in use.
Result<Wanted> days_wanted(const DiscArguments& arguments) {
  LUY_TRY(const auto range, range_of(arguments.days));
  LUY_TRY(const AdminClient client, AdminClient::open(arguments.data));
  LUY_TRY(const json::value answer, client.get(register_address));
  Wanted out{answer.as_object(), {}};
  std::set<std::string> discs;
  for (const Known& one : media_of(out.answer)) {
    if (one.kind == custody::MediumKind::disc && !one.retired) discs.insert(one.id);
  }
  for (const json::value& value : out.answer.at("days").as_array()) {
    const json::object& one = value.as_object();
    const auto day = day_from_iso(text_at(one, "day"));
    if (!day) continue;
    const json::array& copies = one.at("copies").as_array();
    const bool on_disc = std::any_of(copies.begin(), copies.end(), [&](const json::value& copy) {
      const json::object& object = copy.as_object();
      return discs.contains(text_at(object, "medium")) && text_at(object, "sha256") == text_at(one, "sha256") &&
             object.at("sound").as_bool();
    });
    const bool is_wanted = range ? *day >= range->first && *day <= range->second : !on_disc;
    if (is_wanted) out.days.push_back({*day, text_at(one, "sha256"), one.at("bytes").to_number<std::uint64_t>()});
  }
  return out;
}

// Upper case letters, digits and '_', at most 32 (ECMA-119): "LUY_20261101_20261130_1".
std::string label_of(const std::vector<WantedCopy>& days, std::size_t number) {
  std::string out = "LUY_" + to_iso(days.front().day) + "_" + to_iso(days.back().day) + "_" + std::to_string(number);
  out.erase(std::remove(out.begin(), out.end(), '-'), out.end());
  return out;
}

std::string readme_of(const DiscPlan& plan, const std::string& name) {
  return "ĐĨA BẢN SAO NHẬT KÝ " + name + "\n\nNhật ký của kho " + plan.origin + ", các ngày " + span_of(plan.days) +
         " (" + std::to_string(plan.days.size()) + " ngày). Ảnh đĩa lập lúc " + to_rfc3339(plan.made).substr(0, 19) +
         "Z.\n\n"
         "Mỗi ngày là một tệp NĂM-THÁNG-NGÀY.sqlite đã khóa và ký; cạnh nó là mã SHA-256, chữ ký xác nhận của nhân "
         "chứng (.cosigned) và dấu thời gian (.tst) nếu có.\n\n"
         "1. Kiểm tra tệp có hỏng không (ở thư mục gốc của đĩa):\n       sha256sum -c SHA256SUMS\n"
         "2. Kiểm tra chữ ký của một ngày bằng công cụ phổ thông (sqlite3, zstd, openssl); KHOA-KIEM.txt là khóa kiểm "
         "đã ghi trong biên bản lắp đặt:\n       bash verify-day.sh luy-evidence/*/" +
         to_iso(plan.days.front().day) +
         ".sqlite KHOA-KIEM.txt\n"
         "3. Có chương trình Lũy:\n       luy custody verify NƠI-GẮN-ĐĨA\n       luy custody disc Ổ-ĐĨA\n\n"
         "Không sửa, không xóa. Tệp hỏng: giữ nguyên đĩa, lập biên bản, báo cán bộ phụ trách an toàn thông tin.\n";
}

std::string grouped(const std::string& digest) {
  return digest.size() <= digest_group_chars
             ? digest
             : digest.substr(0, digest_group_chars) + " " + digest.substr(digest_group_chars);
}

// What a machine reads off the sheet: enough to know the disc again and to hold it against its image.
std::string code_of(const DiscPlan& plan, const MadeImage& image) {
  return "LUY-DISC/1 " + plan.label + " " + image.volume.uuid + " " + plan.origin + " " +
         to_iso(plan.days.front().day) + ".." + to_iso(plan.days.back().day) + " sha256:" + image.sha256;
}

Result<void> write_sheet(const DiscArguments& arguments, const DiscPlan& plan, const MadeImage& image,
                         const DiscKind& kind, const std::string& of_how_many) {
  std::uint64_t bytes = 0;
  for (const WantedCopy& one : plan.days) bytes += one.bytes;
  std::set<std::string> witnesses;
  std::size_t stamped = 0;
  for (const MadeCopy& one : image.days) {
    witnesses.insert(one.beside.cosigned_by.begin(), one.beside.cosigned_by.end());
    stamped += one.beside.stamped ? 1 : 0;
  }
  std::string vouched;
  for (const std::string& one : witnesses) vouched += (vouched.empty() ? "" : ", ") + one;
  paper::DiscSheet sheet;
  sheet.issuer = arguments.issuer;
  sheet.title = "PHIẾU ĐĨA BẢN SAO NHẬT KÝ";
  sheet.name = plan.label;
  sheet.span = span_of(plan.days);
  sheet.facts = {{"Nhật ký các ngày", span_of(plan.days) + " (" + std::to_string(plan.days.size()) + " ngày)"},
                 {"Kho nhật ký", plan.origin},
                 {"Loại đĩa", std::string(kind.title) + ", " + of_how_many},
                 {"UUID của đĩa", image.volume.uuid},
                 {"SHA-256 của ảnh đĩa", grouped(image.sha256)},
                 {"Dung lượng ảnh đĩa", std::to_string(image.bytes) + " byte"},
                 {"Nhân chứng, dấu thời gian", (vouched.empty() ? "không có nhân chứng" : vouched) + "; " +
                                                   std::to_string(stamped) + " ngày có dấu"},
                 {"Người giữ", arguments.custodian},
                 {"Nơi để", arguments.place},
                 {"Ngày ghi đĩa, người ghi", ""}};
  sheet.code = code_of(plan, image);
  sheet.notes = {
      "Kiểm tra: gắn đĩa, chạy sha256sum -c SHA256SUMS tại thư mục gốc; đọc DOC-TRUOC.txt để kiểm chữ ký. "
      "Trên máy chủ: luy custody disc /dev/sr0 --data THƯ-MỤC.",
      "Sao lưu nhật ký ra thiết bị lưu trữ ngoài theo Điều 5 Quy chế kèm theo Quyết định số 4448/QĐ-UBND."};
  sheet.foot = "Nhật ký – không xóa, không ghi thêm";
  sheet.created = plan.made;
  LUY_TRY(const std::string pdf, paper::render_disc_sheet(sheet, arguments.fonts));
  return write_file_durably(fs::path(image.file).replace_extension(".pdf"), pdf, sheet_mode);
}

json::object image_json(const MadeImage& image) {
  json::array days;
  for (const MadeCopy& one : image.days) days.emplace_back(to_iso(one.day));
  return {{"file", image.file.string()}, {"label", image.volume.label}, {"uuid", image.volume.uuid},
          {"sha256", image.sha256},      {"bytes", image.bytes},        {"days", std::move(days)}};
}

Result<void> make_images(Terminal& terminal, const DiscArguments& arguments) {
  const DiscKind* kind = disc_kind(arguments.kind);
  if (kind == nullptr) return Error(custody::medium_invalid, "--disc: cd, dvd, bd, bd-dl");
  LUY_TRY(Wanted wanted, days_wanted(arguments));
  LUY_TRY(const auto witnesses, witnesses_of(arguments.witnesses, &wanted.answer));
  LUY_TRY(const auto discs, split_over_discs(std::move(wanted.days), kind->bytes));
  if (discs.empty()) {
    if (arguments.as_json) terminal.out << "{\"images\":[]}\n";
    if (!arguments.as_json) terminal.out << "Không có ngày nào cần ghi ra đĩa / no day is left to put on a disc\n";
    return {};
  }
  LUY_TRY_VOID(make_folder(arguments.to, 0750));
  json::array told;
  for (std::size_t i = 0; i < discs.size(); ++i) {
    DiscPlan plan{label_of(discs[i], i + 1), text_at(wanted.answer, "origin"), discs[i], terminal.clock.now(), {}};
    plan.readme = readme_of(plan, plan.label);
    LUY_TRY(const MadeImage image, make_image(fs::path(arguments.data) / "evidence", plan,
                                              fs::absolute(arguments.to) / (plan.label + ".iso"), witnesses));
    const std::string number = "đĩa " + std::to_string(i + 1) + "/" + std::to_string(discs.size());
    LUY_TRY_VOID(write_sheet(arguments, plan, image, *kind, number));
    told.push_back(image_json(image));
    if (arguments.as_json) continue;
    terminal.out << printable(image.file.string()) << ": " << number << ", " << span_of(plan.days) << ", "
                 << image.bytes << " byte, SHA-256 " << image.sha256 << ", đã đọc lại / read back" << std::endl;
  }
  if (arguments.as_json) terminal.out << json::serialize(json::object{{"images", std::move(told)}}) << "\n";
  return {};
}

json::array days_json(const DiscContent& content, const json::object& answer) {
  json::array out;
  for (std::size_t i = 0; i < content.copies.size(); ++i) {
    const FoundCopy& one = content.copies[i];
    if (!one.sound()) continue;
    for (const json::value& value : answer.at("days").as_array()) {
      const json::object& day = value.as_object();
      if (text_at(day, "day") != to_iso(one.day) || text_at(day, "sha256") != one.sha256) continue;
      out.push_back(json::object{{"day", to_iso(one.day)},
                                 {"sha256", one.sha256},
                                 {"bytes", day.at("bytes")},
                                 {"cosigned_by", names_json(content.besides[i].cosigned_by)},
                                 {"stamped", content.besides[i].stamped}});
    }
  }
  return out;
}

// The disc's entry; one is made when it has none and it is said who keeps it where.
Result<Known> entry_of(const DiscArguments& arguments, const AdminClient& client, const json::object& answer,
                       const Volume& volume) {
  const custody::Identity identity{"", volume.uuid, volume.label};
  auto found = recognise(media_of(answer), identity, arguments.to);
  const bool is_told = !arguments.custodian.empty() && !arguments.place.empty();
  if (found || !found.error().is(custody::medium_unknown) || !is_told) return found;
  const json::object wanted{{"name", arguments.name.empty() ? volume.label : arguments.name},
                            {"kind", custody::name_of(custody::MediumKind::disc)},
                            {"serial", ""},
                            {"uuid", volume.uuid},
                            {"label", volume.label},
                            {"custodian", arguments.custodian},
                            {"place", arguments.place}};
  LUY_TRY(const json::value made, client.post("/admin/v1/custody/media", json::serialize(wanted)));
  return Known{text_at(made.as_object(), "id"), text_at(made.as_object(), "name"), custody::MediumKind::disc, identity};
}

Result<void> tell_hub(const DiscArguments& arguments, const DiscContent& content) {
  LUY_TRY(const AdminClient client, AdminClient::open(arguments.data));
  LUY_TRY(const json::value answer, client.get(register_address));
  LUY_TRY(const Known medium, entry_of(arguments, client, answer.as_object(), content.volume));
  const std::string by = own_name(arguments.by);
  if (content.faults.empty()) {
    const json::object claim{{"medium", medium.id}, {"by", by}, {"days", days_json(content, answer.as_object())}};
    if (!claim.at("days").as_array().empty()) {
      LUY_TRY_VOID(client.post("/admin/v1/custody/copies", json::serialize(claim)));
    }
  }
  json::array days;
  for (const FoundCopy& one : content.copies) {
    days.push_back(json::object{{"day", to_iso(one.day)}, {"sha256", one.sha256}, {"sound", one.sound()}});
  }
  const json::object check{{"medium", medium.id},
                           {"by", by},
                           {"days", std::move(days)},
                           {"fault", content.faults.empty() ? std::string() : content.faults.front()}};
  LUY_TRY_VOID(client.post("/admin/v1/custody/checks", json::serialize(check)));
  return {};
}

Result<void> read_back(Terminal& terminal, const DiscArguments& arguments) {
  LUY_TRY(const auto witnesses, witnesses_of(arguments.witnesses, nullptr));
  LUY_TRY(const DiscContent content, read_disc(arguments.to, witnesses));
  if (arguments.as_json) {
    json::array days;
    for (const FoundCopy& one : content.copies) {
      days.push_back(json::object{{"day", to_iso(one.day)}, {"sha256", one.sha256}, {"sound", one.sound()}});
    }
    terminal.out << json::serialize(json::object{{"label", content.volume.label},
                                                 {"uuid", content.volume.uuid},
                                                 {"sha256", content.sha256},
                                                 {"days", std::move(days)},
                                                 {"faults", names_json(content.faults)}})
                 << "\n";
  } else {
    terminal.out << printable(content.volume.label) << " " << content.volume.uuid << "\nSHA-256 " << content.sha256
                 << "\n";
    for (const FoundCopy& one : content.copies) {
      terminal.out << (one.sound() ? "✓ " : "✗ ") << printable(one.file.string()) << "\n";
    }
  }
  for (const std::string& one : content.faults) terminal.err << printable(one) << "\n";
  if (!content.faults.empty()) {
    terminal.err << "Đĩa không nguyên vẹn / the disc is not whole\n";
    terminal.exit = ExitCode::corrupt;
  }
  if (!arguments.data.empty()) LUY_TRY_VOID(tell_hub(arguments, content));
  return {};
}

}  // namespace

void add_custody_disc_commands(CLI::App& family, Terminal& terminal) {
  const auto add = [&](const char* name, const char* about, Result<void> (*command)(Terminal&, const DiscArguments&)) {
    const auto arguments = std::make_shared<DiscArguments>();
    CLI::App* one = family.add_subcommand(name, about);
    one->add_flag("--json", arguments->as_json, "In JSON / print JSON");
    one->add_option("--witness", arguments->witnesses, "Tệp khóa của nhân chứng / keys of witnesses");
    one->add_option("--custodian", arguments->custodian, "Người giữ / who keeps it");
    one->add_option("--place", arguments->place, "Nơi để / where");
    one->callback([arguments, command, &terminal] {
      if (const auto done = command(terminal, *arguments); !done) terminal.fail(done.error());
    });
    return std::pair(one, arguments);
  };
  {
    const auto [one, arguments] =
        add("image", "Lập ảnh đĩa quang và phiếu đĩa của các ngày đã khóa / images of optical discs and their sheets",
            make_images);
    one->add_option("--data", arguments->data, "Thư mục dữ liệu của luy-hub đang chạy / of the running luy-hub")
        ->required();
    one->add_option("--to", arguments->to, "Thư mục cho ảnh đĩa / folder for the images")->required();
    one->add_option("--disc", arguments->kind, "Loại đĩa / kind of disc: cd, dvd, bd, bd-dl");
    one->add_option("--days", arguments->days,
                    "NGÀY..NGÀY; bỏ trống: các ngày chưa có trên đĩa nào / else those that are on no disc");
    one->add_option("--issuer", arguments->issuer, "Tên cơ quan in trên phiếu / the office, for the sheet");
    one->add_option("--fonts", arguments->fonts, "Thư mục phông chữ / folder of the fonts");
  }
  {
    const auto [one, arguments] = add(
        "disc", "Đọc lại một đĩa quang hoặc ảnh đĩa, không cần gắn / read an optical disc or an image back", read_back);
    one->add_option("source", arguments->to, "Ổ đĩa hoặc tệp: /dev/sr0, ANH.iso / drive or file")->required();
    one->add_option("--data", arguments->data, "Ghi kết quả vào sổ của luy-hub này / take it down in this register");
    one->add_option("--name", arguments->name, "Tên trong sổ; bỏ trống: nhãn đĩa / its name, else the label");
    one->add_option("--by", arguments->by, "Người làm / who does it");
  }
}

}  // namespace luy::cli
