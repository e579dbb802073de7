// Certificates that an account signs papers with: a signature counts for somebody only by a certificate named here.
import { Form, Input, Modal } from 'antd';
import { useState } from 'react';
import type { PaperSigner } from '~/api/incidentTypes';
import { useAddSigner, useRemoveSigner, useSigners } from '~/api/papers';
import type { Account, Proposed } from '~/api/types';
import { useLanguage } from '~/i18n';
import { FileButton } from '~/ui/FileButton';
import { MayButton } from '~/ui/MayButton';
import { EmptyState, ErrorNote, Loaded, Section } from '~/ui/Page';
import { ProposedNote } from '~/ui/ProposedNote';
import { DateOnly } from '~/ui/Time';
import { pemOf } from './pem';

export function Signers({ account }: { account: Account }) {
  const { t } = useLanguage();
  const query = useSigners();
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<PaperSigner | null>(null);
  const [proposed, setProposed] = useState<Proposed | null>(null);
  return (
    <Section
      title={t('signer.title')}
      extra={
        <MayButton action="account_manage" onClick={() => setAdding(true)}>
          {t('signer.add')}
        </MayButton>
      }
    >
      {proposed ? <ProposedNote proposed={proposed} done="" /> : null}
      <Loaded query={query} rows={2}>
        {(all) => {
          const own = all.filter((each) => each.account === account.id);
          if (own.length === 0) return <EmptyState why={t('signer.none')} />;
          return (
            <ul className="worklist">
              {own.map((each) => (
                <li key={each.id}>
                  <div className="worklist-line">
                    <div>
                      <span className="worklist-title wrap">{each.subject}</span>
                      <span className="worklist-meta">
                        <span>{t('signer.issuer', { name: each.issuer })}</span>
                        <span>
                          {t('signer.valid')} <DateOnly at={each.not_before} /> –{' '}
                          <DateOnly at={each.not_after} />
                        </span>
                        <code>{each.serial}</code>
                      </span>
                      <code className="evidence-hash">{each.fingerprint}</code>
                    </div>
                    <MayButton action="account_manage" size="small" onClick={() => setRemoving(each)}>
                      {t('signer.remove')}
                    </MayButton>
                  </div>
                </li>
              ))}
            </ul>
          );
        }}
      </Loaded>
      {adding ? (
        <Add
          account={account}
          onClose={(asked) => {
            setAdding(false);
            setProposed(asked ?? null);
          }}
        />
      ) : null}
      {removing ? <Remove signer={removing} onClose={() => setRemoving(null)} /> : null}
    </Section>
  );
}

function Add({ account, onClose }: { account: Account; onClose: (asked?: Proposed) => void }) {
  const { t } = useLanguage();
  const add = useAddSigner();
  const [form] = Form.useForm<{ certificate: string }>();
  const [file, setFile] = useState<{ name: string; isRead: boolean } | null>(null);
  return (
    <Modal
      open
      title={t('signer.add')}
      okText={t('action.save')}
      cancelText={t('action.cancel')}
      confirmLoading={add.isPending}
      onCancel={() => onClose()}
      onOk={() => form.submit()}
    >
      {add.error ? <ErrorNote error={add.error} /> : null}
      <p className="will-happen">{t('signer.will', { name: account.display_name })}</p>
      <Form
        form={form}
        layout="vertical"
        onFinish={({ certificate }) =>
          add.mutate(
            { account: account.id, certificate: certificate.trim() },
            // What waits for a second person is told on the page.
            { onSuccess: (made) => onClose('done' in made ? made : undefined) },
          )
        }
      >
        <FileButton
          label={t('signer.from_file')}
          accept=".cer,.crt,.pem,.der"
          chosen={file?.name}
          problem={file && !file.isRead ? t('signer.not_read', { name: file.name }) : null}
          onFile={(chosen) =>
            void chosen.arrayBuffer().then((bytes) => {
              const pem = pemOf(new Uint8Array(bytes));
              setFile({ name: chosen.name, isRead: pem !== null });
              if (pem) form.setFieldsValue({ certificate: pem });
            })
          }
        />
        <Form.Item
          name="certificate"
          label={t('signer.certificate')}
          extra={t('signer.certificate_help')}
          rules={[{ required: true, whitespace: true, message: t('incident.needed') }]}
        >
          <Input.TextArea rows={8} className="code-input" spellCheck={false} maxLength={65536} />
        </Form.Item>
      </Form>
    </Modal>
  );
}

function Remove({ signer, onClose }: { signer: PaperSigner; onClose: () => void }) {
  const { t } = useLanguage();
  const remove = useRemoveSigner();
  return (
    <Modal
      open
      title={t('signer.remove')}
      okText={t('signer.remove')}
      okButtonProps={{ danger: true }}
      cancelText={t('action.cancel')}
      confirmLoading={remove.isPending}
      onCancel={onClose}
      onOk={() => remove.mutate(signer.id, { onSuccess: onClose })}
    >
      {remove.error ? <ErrorNote error={remove.error} /> : null}
      <p>{t('signer.remove_will')}</p>
    </Modal>
  );
}
