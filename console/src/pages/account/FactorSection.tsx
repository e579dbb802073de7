// Authenticator app, passkeys, recovery codes: what there is, and adding and removing it.
import { Button, Modal } from 'antd';
import { useState } from 'react';
import {
  useFactors,
  useFactorsChanged,
  useRemovePasskey,
  useRemoveTotp,
  useRenewRecovery,
} from '~/api/identity';
import { passkeysPossible } from '~/api/passkey';
import type { Factors } from '~/api/types';
import { useLanguage } from '~/i18n';
import { formatNumber } from '~/ui/format';
import { Loaded, Section } from '~/ui/Page';
import { Age, DateOnly } from '~/ui/Time';
import { AddPasskey } from './AddPasskey';
import { AddTotp } from './AddTotp';
import { PasswordStep } from './PasswordStep';
import { RecoveryCodes } from './RecoveryCodes';

type Passkey = Factors['passkeys'][number];
type Doing = { what: 'totp' | 'no-totp' | 'passkey' | 'codes' } | { what: 'no-passkey'; passkey: Passkey };

// Fewer codes than this are worth a word.
const fewCodes = 3;

export function FactorSection() {
  const { t, language } = useLanguage();
  const factors = useFactors();
  const changed = useFactorsChanged();
  const [doing, setDoing] = useState<Doing | null>(null);
  const close = () => {
    setDoing(null);
    void changed();
  };
  return (
    <Section title={t('factor.title')}>
      <Loaded query={factors} rows={3}>
        {(state) => (
          <>
            {!state.totp && state.passkeys.length === 0 ? (
              <p className="will-happen">{t('factor.none')}</p>
            ) : null}
            {state.failures > 0 ? (
              <p className="will-happen">
                {t('factor.failures', {
                  count: state.failures,
                  number: formatNumber(state.failures, language),
                })}
              </p>
            ) : null}
            <ul className="worklist">
              <li className="worklist-line">
                <div>
                  <span className="worklist-title">{t('factor.totp')}</span>
                  <span className="muted">{state.totp ? t('factor.totp_on') : t('factor.totp_off')}</span>
                </div>
                <Button onClick={() => setDoing({ what: state.totp ? 'no-totp' : 'totp' })}>
                  {state.totp ? t('factor.totp_remove') : t('factor.totp_add')}
                </Button>
              </li>
              {state.passkeys.map((passkey) => (
                <li key={passkey.id} className="worklist-line">
                  <div>
                    <span className="worklist-title">{passkey.name}</span>
                    <span className="muted">
                      {t('factor.passkey_since')} <DateOnly at={passkey.created_at} /> ·{' '}
                      {t('factor.last_used')} <Age at={passkey.last_used} />
                    </span>
                  </div>
                  <Button
                    aria-label={t('factor.passkey_remove_of', { name: passkey.name })}
                    onClick={() => setDoing({ what: 'no-passkey', passkey })}
                  >
                    {t('factor.remove')}
                  </Button>
                </li>
              ))}
              <li className="worklist-line">
                <div>
                  <span className="worklist-title">{t('factor.codes_title')}</span>
                  <span className={state.totp && state.recovery_left < fewCodes ? 'overdue' : 'muted'}>
                    {t('factor.codes_left', {
                      count: state.recovery_left,
                      number: formatNumber(state.recovery_left, language),
                    })}
                  </span>
                </div>
                <Button
                  disabled={!state.totp && state.passkeys.length === 0}
                  onClick={() => setDoing({ what: 'codes' })}
                >
                  {t('factor.codes_new')}
                </Button>
              </li>
            </ul>
            <div className="worklist-actions">
              <Button disabled={!passkeysPossible()} onClick={() => setDoing({ what: 'passkey' })}>
                {t('factor.passkey_add')}
              </Button>
              {passkeysPossible() ? null : <span className="muted">{t('factor.passkey_impossible')}</span>}
            </div>
          </>
        )}
      </Loaded>
      {doing ? (
        <Modal
          open
          footer={null}
          title={t(`factor.doing_${doing.what.replace('-', '_') as 'totp'}`)}
          onCancel={close}
        >
          <Step doing={doing} onDone={close} />
        </Modal>
      ) : null}
    </Section>
  );
}

function Step({ doing, onDone }: { doing: Doing; onDone: () => void }) {
  const { t } = useLanguage();
  const removeTotp = useRemoveTotp();
  const removePasskey = useRemovePasskey();
  const renew = useRenewRecovery();
  const [codes, setCodes] = useState<string[] | null>(null);
  switch (doing.what) {
    case 'totp':
      return <AddTotp onDone={onDone} />;
    case 'passkey':
      return <AddPasskey onDone={onDone} />;
    case 'no-totp':
      return (
        <PasswordStep
          danger
          help={t('factor.totp_remove_help')}
          button={t('factor.remove')}
          error={removeTotp.error}
          busy={removeTotp.isPending}
          onPassword={(password) => removeTotp.mutate(password, { onSuccess: onDone })}
        />
      );
    case 'no-passkey':
      return (
        <PasswordStep
          danger
          help={t('factor.passkey_remove_help', { name: doing.passkey.name })}
          button={t('factor.remove')}
          error={removePasskey.error}
          busy={removePasskey.isPending}
          onPassword={(password) =>
            removePasskey.mutate({ passkey: doing.passkey.id, password }, { onSuccess: onDone })
          }
        />
      );
    case 'codes':
      if (codes) return <RecoveryCodes codes={codes} onDone={onDone} />;
      return (
        <PasswordStep
          help={t('factor.codes_new_help')}
          button={t('factor.codes_new')}
          error={renew.error}
          busy={renew.isPending}
          onPassword={(password) =>
            renew.mutate(password, { onSuccess: (made) => setCodes(made.recovery_codes) })
          }
        />
      );
  }
}
