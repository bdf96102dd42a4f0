// Hook payloads in the form in which Stash writes them: Go's compact JSON, struct order, and
// `<`, `>` and `&` escaped.

export const cookieValue = 'MTc5NTIzNjUwNXwtest-cookie|abc=';

export function goJson(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll('<', '\\u003c')
    .replaceAll('>', '\\u003e')
    .replaceAll('&', '\\u0026');
}

export function serverConnection(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    Scheme: 'http',
    Host: '0.0.0.0',
    Port: 9999,
    SessionCookie: {
      Name: 'session',
      Value: cookieValue,
      Quoted: false,
      Path: '',
      Expires: '0001-01-01T00:00:00Z',
      MaxAge: 0,
      Unparsed: null,
    },
    Dir: '/config & <media>',
    PluginDir: 'plugins/plex-sync',
    ...changes,
  };
}

/** What a hook reads on stdin. */
export function payload(
  hookContext: Record<string, unknown>,
  server: Record<string, unknown> = serverConnection(),
): string {
  return goJson({ server_connection: server, args: { hookContext } });
}

export const sceneUpdate = payload({
  id: 45,
  type: 'Scene.Update.Post',
  input: { id: '45', title: 'A "quoted" \\ title {[', details: null, tag_ids: ['1', '2'] },
  inputFields: ['id', 'title'],
});

export const sceneDestroy = payload({
  id: 59,
  type: 'Scene.Destroy.Post',
  input: {
    id: '',
    delete_file: null,
    delete_generated: null,
    checksum: '',
    oshash: '051c1aaf7b62707b',
    path: '/data/media/Näme & "8" (2020).mp4',
  },
});

export const tagMerge = payload({
  id: 2,
  type: 'Tag.Merge.Post',
  input: { source: ['3', '17'], destination: '2' },
});
