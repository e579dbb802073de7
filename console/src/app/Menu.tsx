// The pages this person may see, by group. A long menu is folded, so that it stays within the window.
import { useState } from 'react';
import { NavLink, useLocation } from 'react-router-dom';
import { useLanguage } from '~/i18n';
import { ChevronIcon } from '~/ui/icons';
import { groups, isAt } from './navigation';
import { usePages } from './usePages';
import { WaitingCount } from './WaitingCount';

// So many pages fit unfolded into a window of 900 pixels.
const unfolded = 16;
const daily: readonly string[] = ['duty', 'incident'];

export function Menu() {
  const { t } = useLanguage();
  const { pathname } = useLocation();
  const seen = usePages();
  const here = seen.find((item) => isAt(item.to, pathname))?.group;
  // What this person folded or unfolded; the group of a page that was come to is unfolded until they fold it.
  const [chosen, setChosen] = useState<Record<string, boolean>>({});
  const [last, setLast] = useState(here);
  if (last !== here) {
    setLast(here);
    if (here) setChosen({ ...chosen, [here]: true });
  }
  return (
    <nav aria-label={t('shell.menu')} className="menu">
      {groups.map((group) => {
        const items = seen.filter((item) => item.group === group);
        if (items.length === 0) return null;
        const open = chosen[group] ?? (seen.length <= unfolded || daily.includes(group) || group === here);
        return (
          <div key={group} className="menu-group">
            <button
              type="button"
              className="menu-fold"
              aria-expanded={open}
              onClick={() => setChosen({ ...chosen, [group]: !open })}
            >
              {t(`nav.group_${group}`)}
              <ChevronIcon />
            </button>
            {open ? (
              <ul>
                {items.map(({ to, key, Icon }) => (
                  <li key={key}>
                    <NavLink to={to} end={to === '/'}>
                      <Icon />
                      {t(`nav.${key}`)}
                      {key === 'acts' ? <WaitingCount /> : null}
                    </NavLink>
                  </li>
                ))}
              </ul>
            ) : null}
          </div>
        );
      })}
    </nav>
  );
}
