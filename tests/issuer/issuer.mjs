// An issuer of tokens that shares nothing with opsplan: the certified oidc-provider, as an agency's own would be.
//
// Its one argument is JSON: port, audience, seconds (how long a token holds), and clients, each with its id, public JWK,
// agency and roles. It prints "ready" when it listens.
import { Provider } from "oidc-provider";

const { port, audience, seconds, clients } = JSON.parse(process.argv[2]);
const byId = new Map(clients.map((client) => [client.id, client]));

const { privateKey } = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign"]);
const jwk = { ...(await crypto.subtle.exportKey("jwk", privateKey)), use: "sig", alg: "ES256", kid: "issuer-1" };
delete jwk.key_ops;
delete jwk.ext;

const provider = new Provider(`http://127.0.0.1:${port}`, {
  jwks: { keys: [jwk] },
  clients: clients.map(({ id, key }) => ({
    client_id: id,
    grant_types: ["client_credentials"],
    response_types: [],
    redirect_uris: [],
    token_endpoint_auth_method: "private_key_jwt",
    id_token_signed_response_alg: "ES256",
    jwks: { keys: [key] },
  })),
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => "urn:opsplan",
      getResourceServerInfo: () => ({
        scope: "",
        audience,
        accessTokenFormat: "jwt",
        accessTokenTTL: seconds,
        jwt: { sign: { alg: "ES256" } },
      }),
    },
  },
  ttl: { ClientCredentials: seconds },
  extraTokenClaims: (_, token) => {
    const { agency, roles } = byId.get(token.clientId);
    return { agency, roles };
  },
});

provider.on("server_error", (_, error) => console.error(error));
provider.on("grant.error", (_, error) => console.error(error.message, error.error_detail));
provider.listen(port, "127.0.0.1", () => console.log("ready"));
