// Papers of cases without the page: filled in, issued, signed outside the hub, handed in, sent.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';

// As forms take it: the wall clock of Viet Nam.
export const wall = (minutes = 0) => new Date(Date.now() + (7 * 60 + minutes) * 60_000).toISOString().slice(0, 16);
export const shown = (minutes = 0) => {
  const [day, time] = wall(minutes).split('T');
  return `${day.split('-').reverse().join('/')} ${time}`;
};
export const person = (name) => ({ name, position: 'Chánh Văn phòng' });

// Something in every mandatory field of a form.
function filled(form, own) {
  const sample = (field) => {
    const row = Object.fromEntries(field.columns.map((column) => [column.id, column.number ? 1 : 'Đã làm']));
    const values = { date: wall().slice(0, 10), time: '08:30', datetime: wall(), number: 1, flag: true, list: ['Một'], person: person('Lê Thị Bình'), persons: [person('Nguyễn Văn An')], table: [row] };
    if (field.type === 'choice') return field.options[0].id;
    if (field.type === 'choices') return [field.options[0].id];
    return values[field.type] ?? 'Nội dung';
  };
  const fields = form.fields.filter((field) => field.required && !field.when).map((field) => [field.id, sample(field)]);
  return { ...Object.fromEntries(fields), ...own };
}

// The file as the secretary has signed it.
export function writtenBy({ signer, secretary }, file) {
  secretary.sign(signer.at(file), signer.at(`written-${file}`));
  return `written-${file}`;
}

// Filled in and issued: waits for whoever signs it.
export async function issuedPaper(api, incident, form, own) {
  const process = await api.get('/api/v1/incident-process');
  const fields = filled(process.forms.find((each) => each.id === form), own);
  const base = `/api/v1/incidents/${incident}/papers`;
  const draft = await api.post(base, { form, fields });
  await api.post(`${base}/${draft.id}/issue`);
  return draft;
}

// `who`: {api, request, signer, secretary}. Minutes are signed by their secretary before the head.
export async function signedPaper(who, incident, form, own, deliver) {
  const { api, request, signer } = who;
  const base = `/api/v1/incidents/${incident}/papers`;
  const draft = await issuedPaper(api, incident, form, own);
  const pdf = await request.get(`${base}/${draft.id}/file?as=pdf`);
  writeFileSync(signer.at('paper.pdf'), await pdf.body());
  signer.sign(signer.at(form.startsWith('bien-ban') ? writtenBy(who, 'paper.pdf') : 'paper.pdf'), signer.at('signed.pdf'));
  const taken = await api.post(`${base}/${draft.id}/signed`, { content: readFileSync(signer.at('signed.pdf')).toString('base64') });
  assert.equal(taken.state, 'signed');
  if (deliver) await api.post(`${base}/${draft.id}/deliveries`, { to: 'Công an tỉnh', channel: 'Trục liên thông', at: new Date().toISOString() });
}
