#include "evidence/segment.h"

#include <algorithm>
#include <map>

#include "base/check.h"
#include "base/encoding.h"
#include "base/vietnamese.h"
#include "evidence/error.h"
#include "evidence/filter.h"
#include "evidence/merkle.h"
#include "evidence/varint.h"

namespace luy::evidence {
namespace {

constexpr std::uint64_t segment_records_max = plain_bytes_max / 4;  // Every record has four column bytes.

std::int64_t minute_of(Time time) {
  return std::chrono::floor<std::chrono::minutes>(time).time_since_epoch().count();
}

Error damaged(const SegmentHead& head, std::string_view what) {
  return Error(store_corrupt, "block at record " + std::to_string(head.first_seq) + ": " + std::string(what));
}

}  // namespace

void SegmentBuilder::add(Time received, std::string_view source, std::uint8_t transport, std::string_view raw) {
  add_record(received, source, transport, raw);
  histogram_.add(received, last_index_);
}

void SegmentBuilder::add_withheld(Time received, std::uint64_t count) {
  for (; count > 0; --count) add_record(received, withheld_source, 0, {});
}

void SegmentBuilder::add_record(Time received, std::string_view source, std::uint8_t transport, std::string_view raw) {
  if (count_ == 0) {
    received_first_ = received;
    received_last_ = received;
  }
  LUY_CHECK(received >= received_last_ && source.size() <= source_bytes_max && raw.size() <= record_bytes_max);
  if (source_index_.empty() || source != last_source_) {
    const auto [entry, is_new] =
        source_index_.try_emplace(std::string(source), static_cast<std::uint32_t>(source_index_.size()));
    if (is_new) {
      put_u16(sources_, static_cast<std::uint16_t>(source.size()));
      sources_ += source;
      source_ends_.push_back(sources_.size());
    }
    last_source_ = source;
    last_index_ = entry->second;
  }
  put_varint(received_, static_cast<std::uint64_t>((received - received_last_).count()));
  put_varint(source_, last_index_);
  transport_ += static_cast<char>(transport);
  put_varint(length_, raw.size());
  begins_.push_back(static_cast<std::uint32_t>(raw_.size()));
  raw_ += raw;
  raw_ += '\n';
  received_last_ = received;
  raw_bytes_ += raw.size();
  ++count_;
}

void SegmentBuilder::clear() {
  count_ = 0;
  raw_bytes_ = 0;
  source_index_.clear();
  histogram_.clear();
  begins_.clear();
  withheld_.clear();
  source_ends_.clear();
  for (std::string* column : {&sources_, &last_source_, &received_, &source_, &transport_, &length_, &raw_}) {
    column->clear();
  }
}

std::size_t SegmentBuilder::bytes() const {
  return sources_.size() + received_.size() + source_.size() + transport_.size() + length_.size() + raw_.size();
}

SegmentHead SegmentBuilder::head(std::uint64_t first_seq) const {
  return {first_seq, count_, segment_kind_raw, received_first_, received_last_, raw_bytes_, 0, sources_};
}

SegmentBuilder::Mark SegmentBuilder::mark() const {
  return {count_, received_.size(), source_.size(), length_.size(), raw_.size(), received_last_};
}

SegmentHead SegmentBuilder::encode_raw(std::uint64_t first_seq, const Mark& from, std::string& plain) {
  LUY_CHECK(from.count < count_);
  SegmentHead out;
  out.first_seq = first_seq;
  out.count = count_ - from.count;
  out.received_last = received_last_;
  out.raw_bytes = raw_.size() - from.raw - out.count;
  plain.clear();
  VarintReader received(std::string_view(received_).substr(from.received));
  const Duration step(static_cast<std::int64_t>(received.next()));
  out.received_first = from.count == 0 ? received_first_ : from.received_last + step;
  put_varint(plain, 0);
  plain += received.rest();
  // The part's sources in order of its own first use.
  part_.assign(source_ends_.size(), 0);
  std::uint32_t used = 0;
  VarintReader source(std::string_view(source_).substr(from.source));
  for (std::uint64_t i = 0; i < out.count; ++i) {
    const auto index = static_cast<std::size_t>(source.next());
    if (part_[index] == 0) {
      const std::size_t begin = index == 0 ? 0 : source_ends_[index - 1];
      out.sources.append(sources_, begin, source_ends_[index] - begin);
      part_[index] = ++used;
    }
    put_varint(plain, part_[index] - 1);
  }
  plain.append(transport_, from.count);
  plain.append(length_, from.length);
  plain.append(raw_, from.raw);
  out.plain_bytes = plain.size();
  return out;
}

SegmentHead SegmentBuilder::encode_columns(std::uint64_t first_seq, ColumnEncoder& encoder, std::string& plain,
                                           std::vector<std::size_t>& cuts, std::string_view& tokens) {
  const std::size_t size = raw_.size();
  begins_.push_back(static_cast<std::uint32_t>(size));
  raw_.append(columns_slack, '\0');
  const Columns& columns = encoder.encode(std::string_view(raw_).substr(0, size), begins_);
  raw_.resize(size);
  begins_.pop_back();
  plain.clear();
  if (has_withheld()) put_withheld(first_seq, plain);
  plain += columns.head;
  cuts.assign(1, plain.size());
  plain += columns.text;
  cuts.push_back(plain.size());
  for (const std::string* column : {&received_, &source_, &transport_}) plain += *column;
  for (const std::string& plane : columns.planes) {
    cuts.push_back(plain.size());
    plain += plane;
  }
  tokens = columns.tokens;
  SegmentHead out = head(first_seq);
  out.kind = has_withheld() ? segment_kind_withheld : segment_kind_columns;
  out.plain_bytes = plain.size();
  return out;
}

void SegmentBuilder::put_withheld(std::uint64_t first_seq, std::string& plain) const {
  put_varint(plain, withheld_.size());
  std::uint64_t at = first_seq;
  for (const WithheldNode& node : withheld_) {
    put_varint(plain, node.first - at);
    put_varint(plain, node.level);
    at = node.end();
  }
  for (const WithheldNode& node : withheld_) plain += as_text(node.hash);
}

bool SegmentBuilder::is_same_as(const Segment& segment) const {
  const SegmentHead& found = segment.head();
  const auto same_node = [](const WithheldNode& a, const WithheldNode& b) {
    return a.first == b.first && a.level == b.level && a.hash == b.hash;
  };
  if (!std::ranges::equal(segment.withheld(), withheld_, same_node)) return false;
  if (found.count != count_ || found.sources != sources_ || segment.all_raw() != raw_) return false;
  VarintReader received(received_);
  VarintReader source(source_);
  std::int64_t time = to_micros(received_first_);
  for (std::size_t i = 0; i < begins_.size(); ++i) {
    const std::uint64_t seq = found.first_seq + i;
    time += static_cast<std::int64_t>(received.next());
    const RecordView record = segment.at(seq);
    if (to_micros(record.received) != time || segment.offset_of(seq) != begins_[i] ||
        segment.source_at(seq) != source.next() || record.transport != static_cast<std::uint8_t>(transport_[i])) {
      return false;
    }
  }
  return true;
}

void HistogramBuilder::add(Time received, std::uint32_t source) {
  const std::int64_t minute = minute_of(received);
  if (runs_.empty() || runs_.back().minute != minute || runs_.back().source != source) {
    runs_.push_back({minute, source, 0});
  }
  ++runs_.back().count;
}

std::string HistogramBuilder::encode() const {
  std::map<std::pair<std::int64_t, std::uint32_t>, std::uint64_t> entries;
  std::int64_t minutes = 1;
  for (const std::int64_t step : {1, 10, 60}) {
    minutes = step;
    entries.clear();
    for (const Run& run : runs_) entries[{run.minute / step, run.source}] += run.count;
    if (entries.size() <= histogram_entries_max) break;
  }
  std::string out;
  put_varint(out, static_cast<std::uint64_t>(minutes) * 60);
  std::int64_t last = 0;
  for (auto entry = entries.begin(); entry != entries.end();) {
    const std::int64_t interval = entry->first.first;
    const auto end = entries.lower_bound({interval + 1, 0});
    put_varint(out, static_cast<std::uint64_t>(interval - last));
    put_varint(out, static_cast<std::uint64_t>(std::distance(entry, end)));
    for (; entry != end; ++entry) {
      put_varint(out, entry->first.second);
      put_varint(out, entry->second);
    }
    last = interval;
  }
  return out;
}

std::string filter_of(int kind, std::string_view text, Tokenizer& tokenizer, TokenSet& scratch) {
  scratch.clear();
  tokenizer.add_tokens(text, scratch);
  if (kind < segment_kind_columns) return make_filter(scratch.values());
  std::string folded;
  for (std::size_t at = find_other_than_ascii(text, 0); at < text.size(); at = find_other_than_ascii(text, at)) {
    // Folding looks at one letter at a time, so that lines can be cut anywhere outside of tokens.
    const std::size_t before = text.rfind('\n', at);
    const std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
    const std::size_t end = std::min(text.find('\n', at), text.size());
    folded += fold_vietnamese(text.substr(begin, end - begin));
    folded += '\n';
    at = end;
  }
  if (!folded.empty()) tokenizer.add_tokens(folded, scratch);
  return make_filter(scratch.values());
}

Result<std::vector<std::string>> decode_sources(std::string_view bytes) {
  std::vector<std::string> out;
  if (bytes.size() > segment_raw_bytes_max) return Error(store_corrupt, "list of sources");
  ByteReader reader(bytes);
  bool named = true;
  while (reader.ok() && named && !reader.rest().empty()) {
    out.emplace_back(reader.bytes(reader.u16()));
    named = !out.back().empty();
  }
  if (!reader.ok() || !named) return Error(store_corrupt, "list of sources");
  return out;
}

Result<Histogram> decode_histogram(std::string_view bytes, std::size_t sources) {
  const Error wrong(store_corrupt, "histogram");
  VarintReader reader(bytes);
  Histogram out;
  const std::uint64_t seconds = reader.next();
  if (seconds != 60 && seconds != 600 && seconds != 3600) return wrong;
  out.resolution = std::chrono::seconds(seconds);
  std::uint64_t interval = 0;
  constexpr std::uint64_t interval_max = std::uint64_t{1} << 40U;
  while (reader.ok() && !reader.rest().empty()) {
    const std::uint64_t step = reader.next();
    const std::uint64_t count = reader.next();
    if (step > interval_max || interval + step > interval_max || count > sources) return wrong;
    interval += step;
    for (std::uint64_t i = 0; i < count && reader.ok(); ++i) {
      const std::uint64_t source = reader.next();
      const std::uint64_t records = reader.next();
      if (source >= sources) return wrong;
      out.entries.push_back(
          {Time(std::chrono::seconds(interval * seconds)), static_cast<std::uint32_t>(source), records});
    }
  }
  if (!reader.ok()) return wrong;
  return out;
}

Result<std::shared_ptr<const Segment>> Segment::decode(SegmentHead head, std::string_view body, Decompressor& zstd) {
  auto out = std::make_shared<Segment>();
  LUY_TRY_VOID(out->assign(std::move(head), body, zstd));
  return std::shared_ptr<const Segment>(std::move(out));
}

Result<void> Segment::assign(SegmentHead head, std::string_view body, Decompressor& zstd, const Needle* needle) {
  if (head.kind < segment_kind_raw || head.kind > segment_kind_withheld) {
    return Error(store_newer, "block kind " + std::to_string(head.kind));
  }
  if (head.count == 0 || head.count > segment_records_max) return damaged(head, "number of records");
  if (head.raw_bytes > segment_raw_bytes_max) return damaged(head, "number of bytes");
  head_ = std::move(head);
  LUY_TRY_VOID(zstd.decompress(body, static_cast<std::size_t>(head_.plain_bytes), plain_));
  LUY_TRY(sources_, decode_sources(head_.sources));
  places_.resize(static_cast<std::size_t>(head_.count) + 1);
  withheld_.clear();
  if (head_.kind == segment_kind_raw) return take_raw(plain_);
  std::size_t columns = 0;
  if (head_.kind == segment_kind_withheld) {
    LUY_TRY(columns, take_withheld());
  }
  LUY_TRY_VOID(take_columns(std::string_view(plain_).substr(columns), needle));
  return mark_withheld();
}

// The nodes; answers how many bytes they took.
Result<std::size_t> Segment::take_withheld() {
  VarintReader reader(plain_);
  const std::uint64_t nodes = reader.next();
  if (nodes == 0 || nodes > head_.count) return damaged(head_, "withheld records");
  std::uint64_t at = head_.first_seq;
  for (std::uint64_t i = 0; i < nodes && reader.ok(); ++i) {
    const std::uint64_t skip = reader.next();
    const std::uint64_t level = reader.next();
    if (skip > head_.count || level > stored_level) return damaged(head_, "withheld records");
    const WithheldNode node{at + skip, static_cast<unsigned>(level), {}};
    at = node.end();
    if (at > end_seq() || (node.first & ((std::uint64_t{1} << level) - 1)) != 0) {
      return damaged(head_, "withheld records");
    }
    withheld_.push_back(node);
  }
  for (WithheldNode& node : withheld_) {
    const std::string_view bytes = reader.bytes(node.hash.size());
    if (reader.ok()) std::copy_n(as_bytes(bytes).data(), node.hash.size(), node.hash.begin());
  }
  if (!reader.ok()) return damaged(head_, "withheld records");
  return plain_.size() - reader.rest().size();
}

Result<void> Segment::mark_withheld() {
  for (const WithheldNode& node : withheld_) {
    for (std::uint64_t seq = node.first; seq < node.end(); ++seq) {
      const auto i = static_cast<std::size_t>(seq - head_.first_seq);
      if (places_[i + 1].begin - places_[i].begin != 1) return damaged(head_, "a withheld record that is there");
      places_[i].withheld = true;
    }
  }
  return {};
}

// Times, sources and transports; answers how many bytes they took.
Result<std::size_t> Segment::take_heads(std::string_view columns) {
  const SegmentHead& h = head_;
  VarintReader reader(columns);
  const auto records = std::span(places_).first(static_cast<std::size_t>(h.count));
  // Unsigned sums wrap on damage; the comparison with received_last finds it.
  auto received = static_cast<std::uint64_t>(to_micros(h.received_first));
  for (Place& place : records) place.received = static_cast<std::int64_t>(received += reader.next());
  if (received != static_cast<std::uint64_t>(to_micros(h.received_last))) return damaged(h, "times of receipt");
  if (records.front().received != to_micros(h.received_first)) return damaged(h, "first time of receipt");
  for (std::size_t i = 1; i < records.size(); ++i) {
    if (records[i].received < records[i - 1].received) return damaged(h, "order of receipt");
  }
  for (Place& place : records) {
    const std::uint64_t source = reader.next();
    if (source >= sources_.size()) return damaged(h, "source index");
    place.source = static_cast<std::uint32_t>(source);
  }
  for (Place& place : records) {
    place.transport = reader.byte();
    place.withheld = false;
  }
  if (!reader.ok()) return damaged(h, "columns");
  return columns.size() - reader.rest().size();
}

Result<void> Segment::take_raw(std::string_view columns) {
  const SegmentHead& h = head_;
  LUY_TRY(const std::size_t heads, take_heads(columns));
  VarintReader reader(columns.substr(heads));
  const auto records = std::span(places_).first(static_cast<std::size_t>(h.count));
  std::uint64_t begin = 0;
  for (Place& place : records) {
    place.begin = static_cast<std::uint32_t>(begin);
    const std::uint64_t length = reader.next();
    if (length > record_bytes_max) return damaged(h, "length of a record");
    begin += length + 1;
    if (begin > h.plain_bytes) return damaged(h, "lengths");
  }
  places_.back().begin = static_cast<std::uint32_t>(begin);
  raw_ = reader.rest();
  if (!reader.ok() || raw_.size() != begin || h.raw_bytes != begin - h.count) return damaged(h, "columns");
  for (std::size_t i = 1; i < places_.size(); ++i) {
    if (raw_[places_[i].begin - 1] != '\n') return damaged(h, "record separator");
  }
  return {};
}

Result<void> Segment::take_columns(std::string_view plain, const Needle* needle) {
  const SegmentHead& h = head_;
  LUY_TRY(const std::size_t heads,
          columns_.open({plain, static_cast<std::size_t>(h.count), static_cast<std::size_t>(h.raw_bytes)}));
  const std::string_view rest = plain.substr(heads);
  LUY_TRY(const std::size_t planes, take_heads(rest));
  LUY_TRY_VOID(columns_.decode(rest.substr(planes), needle, unfolded_, ends_));
  raw_ = std::string_view(unfolded_).substr(0, ends_.back());
  std::uint32_t begin = 0;
  for (std::size_t i = 0; i < ends_.size(); ++i) {
    if (ends_[i] - begin > record_bytes_max + 1) return damaged(h, "length of a record");
    places_[i].begin = begin;
    begin = ends_[i];
  }
  places_.back().begin = begin;
  return {};
}

RecordView Segment::at(std::uint64_t seq) const {
  LUY_CHECK(seq >= head_.first_seq && seq < end_seq());
  const auto i = static_cast<std::size_t>(seq - head_.first_seq);
  const Place& place = places_[i];
  return {seq, from_micros(place.received), sources_[place.source], place.transport,
          raw_.substr(place.begin, places_[i + 1].begin - 1 - place.begin)};
}

bool Segment::is_withheld(std::uint64_t seq) const {
  LUY_CHECK(seq >= head_.first_seq && seq < end_seq());
  return places_[static_cast<std::size_t>(seq - head_.first_seq)].withheld;
}

const Hash* Segment::withheld_node(unsigned level, std::uint64_t first) const {
  const auto node = std::ranges::lower_bound(withheld_, first, {}, &WithheldNode::first);
  return node != withheld_.end() && node->first == first && node->level == level ? &node->hash : nullptr;
}

std::uint32_t Segment::source_at(std::uint64_t seq) const {
  LUY_CHECK(seq >= head_.first_seq && seq < end_seq());
  return places_[static_cast<std::size_t>(seq - head_.first_seq)].source;
}

std::size_t Segment::offset_of(std::uint64_t seq) const {
  LUY_CHECK(seq >= head_.first_seq && seq <= end_seq());
  return places_[static_cast<std::size_t>(seq - head_.first_seq)].begin;
}

std::uint64_t Segment::seq_at(std::size_t offset) const {
  LUY_CHECK(offset < raw_.size());
  const auto after = std::upper_bound(places_.begin(), places_.end(), offset,
                                      [](std::size_t at, const Place& place) { return at < place.begin; });
  return head_.first_seq + static_cast<std::uint64_t>(after - places_.begin()) - 1;
}

}  // namespace luy::evidence
