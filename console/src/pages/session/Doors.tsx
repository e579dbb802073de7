// The ways in that the hub offers beside Lũy's own accounts: portals as buttons, directories as a choice above the password.
import { Alert, Button, Radio } from 'antd';
import { useState } from 'react';
import { type Door, useGoToPortal } from '~/api/sources';
import { keepNothing } from '~/app/memory';
import { useLanguage } from '~/i18n';
import { Copy } from '~/ui/Copy';
import { ErrorNote } from '~/ui/Page';
import { keyOf, portalFault } from './next';
import { goToPortal } from './portal';

export function Portals({ doors, publicPlace }: { doors: Door[]; publicPlace: boolean }) {
  const { t } = useLanguage();
  const go = useGoToPortal();
  const [wrong, setWrong] = useState(false);
  const portals = doors.filter((each) => each.kind === 'oidc');
  if (portals.length === 0) return null;
  return (
    <div className="session-portals">
      {go.error ? <ErrorNote error={go.error} /> : null}
      {wrong ? (
        <p role="alert" className="overdue wrap">
          {t('door.wrong_portal')}
        </p>
      ) : null}
      {portals.map((each) => (
        <Button
          key={each.id}
          block
          size="large"
          loading={go.isPending && go.variables?.source === each.id}
          onClick={() =>
            go.mutate(
              { source: each.id, public_place: publicPlace },
              {
                onSuccess: ({ location }) => {
                  if (publicPlace) keepNothing();
                  setWrong(!goToPortal(location));
                },
              },
            )
          }
        >
          {t('door.by_portal', { name: each.name })}
        </Button>
      ))}
    </div>
  );
}

// Why somebody is back from a portal without having got in.
export function PortalNote({ search }: { search: URLSearchParams }) {
  const { t } = useLanguage();
  const fault = portalFault(search.get('error'));
  if (!fault) return null;
  const key = keyOf(search.get('key'));
  return (
    <Alert
      type="error"
      showIcon
      role="alert"
      title={t(`portal_fault.${fault}`)}
      description={
        fault === 'unlinked' && key ? (
          <>
            {t('door.key')} <code>{key}</code> <Copy text={key} />
          </>
        ) : null
      }
    />
  );
}

// Which of the accounts a person has is meant; "" is the one that Lũy issued.
export function DirectoryChoice({
  doors,
  value,
  onChange,
}: {
  doors: Door[];
  value: string;
  onChange: (source: string) => void;
}) {
  const { t } = useLanguage();
  const directories = doors.filter((each) => each.kind === 'ldap');
  if (directories.length === 0) return null;
  return (
    <div className="session-directory">
      <p id="session-directory">{t('door.which_account')}</p>
      <Radio.Group
        aria-labelledby="session-directory"
        value={value}
        onChange={(event) => onChange(String(event.target.value))}
        options={[
          { value: '', label: t('door.own') },
          ...directories.map((each) => ({ value: each.id, label: each.name })),
        ]}
      />
    </div>
  );
}
