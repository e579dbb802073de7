// What tests of people's work begin with: a hub, its first administrator at work in a browser, and others who sign in beside.
import { faults, launch, newPage, overflow, patient, settled, shoot } from './browser.mjs';
import { signIn, startHub } from './hub.mjs';

export { patient } from './browser.mjs';
export const headers = { 'X-Luy-Request': '1' };
export const skip = process.env.LUY_BIN ? false : 'needs the programs (LUY_BIN)';
// Both themes, one of them on a phone.
export const looks = [
  ['light', 'wide'],
  ['dark', 'phone'],
];

// {hub, browser, api, agency, tab: {page, problems, state}, …}; stop() ends everything.
export async function openDesk(options) {
  const hub = await startHub(options);
  const browser = await launch();
  const opened = async (state, look = {}) => {
    const made = await newPage(browser, { base: hub.base, state, ...look });
    return { ...made, state };
  };
  // Once; `who` keeps {state, api}.
  const signedIn = async (who) => (who.state ? who : Object.assign(who, await signIn(browser, hub, who)));
  const stop = async () => {
    await browser.close();
    await hub.stop();
  };
  try {
    const { state, api } = await signIn(browser, hub);
    const tab = await opened(state);
    const { agencies } = await api.get('/api/v1/agencies');
    const agency = agencies[0].id;
    const { page } = tab;
    return {
      hub,
      browser,
      api,
      agency,
      tab,
      stop,
      dialog: () => page.getByRole('dialog'),
      button: (name) => page.getByRole('button', { name, exact: true }),
      // Somebody new, with a role at the agency or none; gives who they are, to sign in with.
      person: async (name, username, role) => {
        const grants = role ? { grants: [{ role, agency }] } : {};
        const made = await api.post('/api/v1/accounts', { agency, person_name: name, username, ...grants });
        return { id: made.account.id, username, password: made.one_time_password };
      },
      signedIn,
      // A page for somebody: {page, problems, context, api}.
      enter: async (who, look) => {
        const { state: theirs, api: asked } = await signedIn(who);
        return { ...(await opened(theirs, look)), api: asked };
      },
      // A page for whoever has no account.
      outside: (look) => opened(undefined, look),
      // Everything wrong with these addresses in both themes, for whoever's session `who` is; `more` goes on from the last
      // address and judges what it opens by itself.
      judged: async (addresses, who = state, more = async () => undefined) => {
        const found = [];
        for (const [theme, size] of looks) {
          const { context, page: seen, problems } = await opened(who, { theme, size });
          const judge = async (name) => {
            if (process.env.LUY_SHOTS) await shoot(seen, `${name}-vi-${theme}-${size}`);
            found.push(...(await faults(seen)).map((fault) => `${name} ${theme}: ${fault}`));
            if ((await overflow(seen)) > 0) found.push(`${name} ${size}: wider than the window`);
          };
          for (const [name, address] of Object.entries(addresses)) {
            await seen.goto(address);
            await settled(seen);
            await judge(name);
          }
          await more(seen, judge);
          found.push(...problems);
          await context.close();
        }
        return found;
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

// Chooses in one of the kit's lists, which draws its choices at the end of the page.
export async function choose(page, field, text) {
  await field.click();
  const choice = page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option', { hasText: text }).first();
  await choice.click();
  // Until the list is gone it lies over what comes next.
  await choice.waitFor({ state: 'hidden' });
}
