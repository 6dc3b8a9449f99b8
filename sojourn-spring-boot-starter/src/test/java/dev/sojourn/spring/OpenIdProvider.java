package dev.sojourn.spring;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * An OpenID provider on a free port of 127.0.0.1: discovery, keys, authorization with code and nonce, signed tokens, user info,
 * and logout tokens for its back channel. Every login signs in the user that a test has set.
 */
final class OpenIdProvider implements AutoCloseable {
    static final String CLIENT = "web";
    private static final RSAKey KEY = key();

    private final HttpServer server;
    private final Map<String, Map<String, Object>> codes = new ConcurrentHashMap<>();
    private final Map<String, Map<String, Object>> accessTokens = new ConcurrentHashMap<>();
    private volatile Map<String, Object> user = Map.of();

    private OpenIdProvider(HttpServer server) {
        this.server = server;
    }

    private static RSAKey key() {
        try {
            return new RSAKeyGenerator(2048).keyID("a key").generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    static OpenIdProvider start() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        OpenIdProvider provider = new OpenIdProvider(server);
        server.createContext("/.well-known/openid-configuration", exchange -> json(exchange, provider.discovery()));
        server.createContext("/jwks", exchange -> json(exchange, new JWKSet(KEY.toPublicJWK()).toJSONObject()));
        server.createContext("/authorize", provider::authorize);
        server.createContext("/token", provider::token);
        server.createContext("/userinfo", provider::userInfo);
        server.start();
        return provider;
    }

    String issuer() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Returns the properties of a Spring Boot application that uses this provider. */
    String[] properties(String nameClaim) {
        String registration = "spring.security.oauth2.client.registration.acme.";
        return new String[] {
            registration + "client-id=" + CLIENT,
            registration + "client-secret=a secret of the client",
            registration + "scope=openid,profile",
            "spring.security.oauth2.client.provider.acme.issuer-uri=" + issuer(),
            "spring.security.oauth2.client.provider.acme.user-name-attribute=" + nameClaim
        };
    }

    /** Sets the user of the next login, by the claims of the ID token in addition to those that the protocol requires. */
    void setUser(Map<String, Object> claims) {
        user = Map.copyOf(claims);
    }

    private Map<String, Object> discovery() {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("issuer", issuer());
        document.put("authorization_endpoint", issuer() + "/authorize");
        document.put("token_endpoint", issuer() + "/token");
        document.put("userinfo_endpoint", issuer() + "/userinfo");
        document.put("jwks_uri", issuer() + "/jwks");
        document.put("response_types_supported", List.of("code"));
        document.put("subject_types_supported", List.of("public"));
        document.put("id_token_signing_alg_values_supported", List.of("RS256"));
        document.put("backchannel_logout_supported", true);
        document.put("backchannel_logout_session_supported", true);
        return document;
    }

    private void authorize(HttpExchange exchange) throws IOException {
        Map<String, String> requested = parameters(exchange.getRequestURI().getRawQuery());
        String code = UUID.randomUUID().toString();
        Map<String, Object> granted = new HashMap<>(user);
        granted.put("nonce", Objects.requireNonNull(requested.get("nonce")));
        codes.put(code, granted);
        exchange.getResponseHeaders()
                .set(
                        "Location",
                        requested.get("redirect_uri") + "?code=" + code + "&state="
                                + URLEncoder.encode(
                                        Objects.requireNonNull(requested.get("state")), StandardCharsets.UTF_8));
        exchange.sendResponseHeaders(302, -1);
        exchange.close();
    }

    private void token(HttpExchange exchange) throws IOException {
        Map<String, String> requested =
                parameters(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        Map<String, Object> granted = codes.remove(Objects.requireNonNull(requested.get("code")));
        String accessToken = UUID.randomUUID().toString();
        accessTokens.put(accessToken, Objects.requireNonNull(granted));
        Map<String, Object> response = new LinkedHashMap<>();
        response.put("access_token", accessToken);
        response.put("refresh_token", UUID.randomUUID().toString());
        response.put("token_type", "Bearer");
        response.put("expires_in", 300);
        response.put("scope", "openid profile");
        response.put("id_token", sign("JWT", granted));
        json(exchange, response);
    }

    private void userInfo(HttpExchange exchange) throws IOException {
        String token = exchange.getRequestHeaders().getFirst("Authorization").substring("Bearer ".length());
        Map<String, Object> claims = new LinkedHashMap<>(Objects.requireNonNull(accessTokens.get(token)));
        claims.keySet().retainAll(List.of("sub", "preferred_username"));
        claims.put("phone", 4_930_123_456_789L);
        claims.put("address", Map.of("street", "Main", "geo", Map.of("lat", 52.5)));
        json(exchange, claims);
    }

    /** Returns a token for the end of a session at the provider, or of all sessions of a user. */
    String logoutToken(Map<String, Object> claims) {
        Map<String, Object> all = new HashMap<>(claims);
        all.put("jti", UUID.randomUUID().toString());
        all.put("events", Map.of("http://schemas.openid.net/event/backchannel-logout", Map.of()));
        return sign("logout+jwt", all);
    }

    private String sign(String type, Map<String, Object> claims) {
        Instant now = Instant.now();
        JWTClaimsSet.Builder set = new JWTClaimsSet.Builder()
                .issuer(issuer())
                .audience(CLIENT)
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plusSeconds(300)));
        claims.forEach(set::claim);
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256)
                        .keyID(KEY.getKeyID())
                        .type(new JOSEObjectType(type))
                        .build(),
                set.build());
        try {
            token.sign(new RSASSASigner(KEY));
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
        return token.serialize();
    }

    private static Map<String, String> parameters(String query) {
        Map<String, String> parameters = new HashMap<>();
        for (String each : query.split("&", -1)) {
            int at = each.indexOf('=');
            parameters.put(
                    URLDecoder.decode(each.substring(0, at), StandardCharsets.UTF_8),
                    URLDecoder.decode(each.substring(at + 1), StandardCharsets.UTF_8));
        }
        return parameters;
    }

    private static void json(HttpExchange exchange, Map<String, ?> content) throws IOException {
        byte[] body = JSONObjectUtils.toJSONString(content).getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    /** Follows the provider's redirect. */
    static URI follow(String location) {
        try {
            return URI.create(java.net.http.HttpClient.newHttpClient()
                    .send(
                            java.net.http.HttpRequest.newBuilder(URI.create(location))
                                    .build(),
                            java.net.http.HttpResponse.BodyHandlers.discarding())
                    .headers()
                    .firstValue("Location")
                    .orElseThrow());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
