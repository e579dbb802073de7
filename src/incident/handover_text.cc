// The words of a package for the police: README.txt and the record of custody.
#include <algorithm>
#include <array>

#include "incident/handover.h"

namespace luy::incident {
namespace {

namespace json = boost::json;

std::string text_at(const json::object& object, std::string_view key) {
  const json::value* found = object.if_contains(json::string_view(key.data(), key.size()));
  return found != nullptr && found->is_string() ? std::string(found->get_string().c_str()) : std::string();
}

std::string people_time(const json::object& body, std::string_view key) {
  const auto time = from_rfc3339(text_at(body, key));
  return time ? moment_text(*time) : std::string();
}

// The hand-overs of one piece, in their order.
std::vector<const Part*> chain_of(const HandoverContent& content, const Part& evidence) {
  std::vector<const Part*> out;
  for (const Part& part : content.parts) {
    if (part.kind == PartKind::custody && text_at(part.body, "evidence") == evidence.id.text()) out.push_back(&part);
  }
  std::stable_sort(out.begin(), out.end(), [](const Part* a, const Part* b) {
    return *from_rfc3339(text_at(a->body, "handed_at")) < *from_rfc3339(text_at(b->body, "handed_at"));
  });
  return out;
}

// A cell that no office program takes for a formula and no quote ends.
std::string cell(std::string text) {
  if (!text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos) text.insert(0, "'");
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c == '\n' || c == '\r' ? ' ' : c;
  }
  return out + "\"";
}

void add_row(std::string& out, std::initializer_list<std::string> cells) {
  std::string line;
  for (const std::string& one : cells) line += (line.empty() ? "" : ",") + cell(one);
  out += line + "\r\n";
}

std::string seal_state(const json::object& body) {
  const json::value* intact = body.if_contains("seal_intact");
  if (intact == nullptr || !intact->is_bool()) return {};
  return intact->get_bool() ? "Nguyên vẹn" : "Không nguyên vẹn";
}

json::object event_span_json(const HandoverContent& content) {
  json::array devices;
  for (std::size_t i = 0; i < content.events->devices.size(); ++i) {
    devices.push_back(json::object{{"id", content.events->devices[i].text()}, {"name", content.devices[i]}});
  }
  return {{"from", to_rfc3339(content.events->from)},
          {"to", to_rfc3339(content.events->to)},
          {"devices", std::move(devices)},
          {"records", content.records},
          {"folder", handover_events_folder}};
}

}  // namespace

std::string one_line(std::string_view text) {
  constexpr std::array<std::string_view, 3> ends = {"\xc2\x85", "\xe2\x80\xa8", "\xe2\x80\xa9"};
  // U+202A … U+202E, U+2066 … U+2069.
  constexpr std::array<std::string_view, 9> turns = {"\xe2\x80\xaa", "\xe2\x80\xab", "\xe2\x80\xac",
                                                     "\xe2\x80\xad", "\xe2\x80\xae", "\xe2\x81\xa6",
                                                     "\xe2\x81\xa7", "\xe2\x81\xa8", "\xe2\x81\xa9"};
  const auto front_of = [&](const auto& table) {
    const auto found =
        std::find_if(table.begin(), table.end(), [&](std::string_view one) { return text.starts_with(one); });
    return found != table.end() ? found->size() : 0U;
  };
  std::string out;
  while (!text.empty()) {
    const auto byte = static_cast<unsigned char>(text.front());
    if (const std::size_t end = byte < 0x20 || byte == 0x7f ? 1 : front_of(ends); end > 0) {
      out += ' ';
      text.remove_prefix(end);
    } else if (const std::size_t turn = front_of(turns); turn > 0) {
      text.remove_prefix(turn);
    } else {
      out += text.front();
      text.remove_prefix(1);
    }
  }
  return out;
}

std::string handover_custody_json(const HandoverContent& content) {
  json::array evidence;
  for (const HandoverContent::Item& item : content.items) {
    json::array chain;
    for (const Part* part : chain_of(content, item.evidence)) {
      json::object link = part->body;
      link["recorded_at"] = to_rfc3339(part->at);
      link["recorded_by"] = part->by;
      chain.push_back(std::move(link));
    }
    json::object one = item.evidence.body;
    one["id"] = item.evidence.id.text();
    one["recorded_at"] = to_rfc3339(item.evidence.at);
    one["recorded_by"] = item.evidence.by;
    one["holder"] = holder_of(item.evidence, content.parts);
    one["file"] = item.file.empty() ? json::value(nullptr) : json::value(item.file);
    one["custody"] = std::move(chain);
    evidence.push_back(std::move(one));
  }
  json::object out;
  out["case"] = json::object{{"number", content.one.number},
                             {"title", content.one.title},
                             {"agency", content.agency},
                             {"discovered_at", to_rfc3339(content.one.discovered())}};
  out["made_at"] = to_rfc3339(content.at);
  out["made_by"] = content.by;
  out["receiver"] = content.receiver;
  out["minutes"] = nullptr;
  if (content.paper) {
    out["minutes"] = json::object{
        {"number", content.paper->notation}, {"file", content.paper_file}, {"state", name_of(content.paper->state)}};
  }
  out["events"] = content.events ? json::value(event_span_json(content)) : json::value(nullptr);
  out["evidence"] = std::move(evidence);
  return json::serialize(out) + "\n";
}

std::string handover_custody_csv(const HandoverContent& content) {
  std::string out = "\xef\xbb\xbf";
  add_row(out, {"STT", "Chứng cứ", "Mô tả", "SHA-256", "Tệp trong gói", "Việc", "Bên giao", "Bên nhận, người giữ",
                "Thời điểm", "Mục đích", "Niêm phong", "Tình trạng niêm phong", "Nơi cất giữ"});
  std::size_t number = 0;
  for (const HandoverContent::Item& item : content.items) {
    const json::object& body = item.evidence.body;
    const std::string count = std::to_string(++number);
    add_row(out, {count, text_at(body, "name"), text_at(body, "description"), text_at(body, "sha256"), item.file,
                  "Thu thập", "", text_at(body, "taken_by"), people_time(body, "taken_at"), "", text_at(body, "seal"),
                  "", text_at(body, "place")});
    for (const Part* part : chain_of(content, item.evidence)) {
      const json::object& link = part->body;
      add_row(out,
              {count, text_at(body, "name"), "", "", "", "Giao nhận", text_at(link, "from"), text_at(link, "to"),
               people_time(link, "handed_at"), text_at(link, "purpose"), text_at(link, "seal"), seal_state(link), ""});
    }
  }
  return out;
}

std::string handover_readme(const HandoverContent& content) {
  std::string out = "GÓI BÀN GIAO CHỨNG CỨ ĐIỆN TỬ (Điều 14)\n\n";
  out += "Vụ việc:     " + content.one.number + " – " + one_line(content.one.title) + "\n";
  out += "Cơ quan:     " + one_line(content.agency) + "\n";
  out += "Bên giao:    " + one_line(content.by) + "\n";
  out += "Bên nhận:    " + one_line(content.receiver) + "\n";
  out += "Lập lúc:     " + moment_text(content.at) + " (giờ Việt Nam)\n";
  if (content.events) {
    out += "Nhật ký:     từ " + moment_text(content.events->from) + " đến " + moment_text(content.events->to) + ", " +
           std::to_string(content.records) + " bản ghi\n";
  }
  if (content.paper) out += "Biên bản:    " + one_line(content.paper->notation) + "\n";
  out += R"(
Các tệp trong gói
  chuoi-giao-nhan.csv   chứng cứ và chuỗi giao nhận, mở bằng chương trình bảng tính
  chuoi-giao-nhan.json  nội dung như trên, cho máy đọc
)";
  if (content.paper) out += "  bien-ban/             biên bản bàn giao, tệp PDF\n";
  out += "  tep-dinh-kem/         tệp của chứng cứ (khi có)\n";
  if (content.events) out += "  nhat-ky/              bản ghi nhật ký, mỗi bản ghi kèm bằng chứng toàn vẹn\n";
  out += R"(  SHA256SUMS            mã băm SHA-256 của mọi tệp khác

Cách kiểm tra, trên bất kỳ máy Linux nào
  1. Mã băm của chính tệp ZIP: sha256sum TỆP.zip, so với mã băm bên giao đã báo (ghi trong nhật ký số trên máy chủ Lũy của bên giao).
  2. Giải nén vào một thư mục trống, vào thư mục đó, chạy: sha256sum -c SHA256SUMS
     Mọi dòng phải là OK.
)";
  if (content.events) {
    out += R"(  3. Nhật ký: cd nhat-ky && sh verify.sh KHÓA, với KHÓA là tệp khóa công khai ghi trong biên bản cài đặt.
     Kết quả đúng bắt đầu bằng "TOAN VEN / INTACT". Máy có Lũy: luy evidence verify --package nhat-ky --key KHÓA
)";
  }
  if (content.paper) out += "  Chữ ký số của biên bản: mở bằng chương trình đọc PDF, hoặc pdfsig bien-ban/*.pdf\n";
  out += "\nPACKAGE OF ELECTRONIC EVIDENCE (article 14)\n\n";
  out += "Case " + content.one.number + ", made " + to_rfc3339(content.at) + " by " + one_line(content.by) + " for " +
         one_line(content.receiver) + ".\n";
  out +=
      R"(To verify on any Linux machine: compare sha256sum of the ZIP itself with what its maker told you; unpack it into an
empty folder and run there: sha256sum -c SHA256SUMS
)";
  if (content.events) {
    out +=
        R"(The records of the logs: cd nhat-ky && sh verify.sh KEY-FILE, where KEY-FILE holds the hub's public key as it was
written down at installation; with Lũy: luy evidence verify --package nhat-ky --key KEY-FILE
chuoi-giao-nhan.csv and .json hold the evidence and its chain of custody.
)";
  }
  return out;
}

}  // namespace luy::incident
