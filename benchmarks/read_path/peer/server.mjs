// The peer: @neo4j/graphql behind Apollo Server, over the same graph as opsplan, set up as fast as it goes.
// Its settings come by the environment: PEER_PORT, PEER_NEO4J_URI, PEER_NEO4J_USER, PEER_NEO4J_PASSWORD.
import { readFileSync } from "node:fs";
import { ApolloServer } from "@apollo/server";
import { startStandaloneServer } from "@apollo/server/standalone";
import { Neo4jGraphQL } from "@neo4j/graphql";
import neo4j from "neo4j-driver";

const { PEER_PORT, PEER_NEO4J_URI, PEER_NEO4J_USER, PEER_NEO4J_PASSWORD } = process.env;
const typeDefs = readFileSync(new URL("schema.graphql", import.meta.url), "utf8");

const driver = neo4j.driver(PEER_NEO4J_URI, neo4j.auth.basic(PEER_NEO4J_USER, PEER_NEO4J_PASSWORD), {
  telemetryDisabled: true,
  // Nobody reads notifications; they cost the server work.
  notificationFilter: { minimumSeverityLevel: "OFF" },
  // All rows of a page in one transfer.
  fetchSize: -1,
});
const schema = await new Neo4jGraphQL({ typeDefs, driver }).getSchema();
const server = new ApolloServer({ schema, includeStacktraceInErrorResponses: false, csrfPrevention: false });
const sessionConfig = { database: "neo4j" };
await startStandaloneServer(server, {
  listen: { host: "127.0.0.1", port: Number(PEER_PORT) },
  context: async () => ({ sessionConfig }),
});

process.on("SIGTERM", async () => {
  await server.stop();
  await driver.close();
  process.exit(0);
});
