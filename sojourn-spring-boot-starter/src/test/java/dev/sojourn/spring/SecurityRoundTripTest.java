package dev.sojourn.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.util.JSONObjectUtils;
import dev.sojourn.servlet.AttributeFormat;
import java.io.ByteArrayInputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.security.auth.x500.X500Principal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.ldap.core.DirContextAdapter;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.authentication.RememberMeAuthenticationToken;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.authentication.jaas.JaasAuthenticationToken;
import org.springframework.security.authentication.jaas.JaasGrantedAuthority;
import org.springframework.security.authentication.ott.OneTimeTokenAuthentication;
import org.springframework.security.authentication.ott.OneTimeTokenAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.authority.FactorGrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.ldap.userdetails.InetOrgPerson;
import org.springframework.security.ldap.userdetails.LdapAuthority;
import org.springframework.security.ldap.userdetails.LdapUserDetailsImpl;
import org.springframework.security.ldap.userdetails.Person;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClient;
import org.springframework.security.oauth2.client.authentication.OAuth2AuthenticationToken;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.OAuth2RefreshToken;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;
import org.springframework.security.oauth2.core.oidc.OidcIdToken;
import org.springframework.security.oauth2.core.oidc.OidcUserInfo;
import org.springframework.security.oauth2.core.oidc.user.DefaultOidcUser;
import org.springframework.security.oauth2.core.oidc.user.OidcUserAuthority;
import org.springframework.security.oauth2.core.user.DefaultOAuth2User;
import org.springframework.security.oauth2.core.user.OAuth2UserAuthority;
import org.springframework.security.saml2.provider.service.authentication.DefaultSaml2AuthenticatedPrincipal;
import org.springframework.security.saml2.provider.service.authentication.Saml2AssertionAuthentication;
import org.springframework.security.saml2.provider.service.authentication.Saml2Authentication;
import org.springframework.security.saml2.provider.service.authentication.Saml2ResponseAssertion;
import org.springframework.security.web.authentication.WebAuthenticationDetails;
import org.springframework.security.web.authentication.preauth.PreAuthenticatedAuthenticationToken;
import org.springframework.security.web.authentication.switchuser.SwitchUserGrantedAuthority;
import org.springframework.security.web.csrf.DefaultCsrfToken;
import org.springframework.security.web.webauthn.api.AttestationConveyancePreference;
import org.springframework.security.web.webauthn.api.AuthenticatorAttachment;
import org.springframework.security.web.webauthn.api.AuthenticatorSelectionCriteria;
import org.springframework.security.web.webauthn.api.AuthenticatorTransport;
import org.springframework.security.web.webauthn.api.Bytes;
import org.springframework.security.web.webauthn.api.CredProtectAuthenticationExtensionsClientInput;
import org.springframework.security.web.webauthn.api.CredProtectAuthenticationExtensionsClientInput.CredProtect;
import org.springframework.security.web.webauthn.api.ImmutableAuthenticationExtensionsClientInput;
import org.springframework.security.web.webauthn.api.ImmutableAuthenticationExtensionsClientInputs;
import org.springframework.security.web.webauthn.api.ImmutablePublicKeyCredentialUserEntity;
import org.springframework.security.web.webauthn.api.PublicKeyCredentialCreationOptions;
import org.springframework.security.web.webauthn.api.PublicKeyCredentialDescriptor;
import org.springframework.security.web.webauthn.api.PublicKeyCredentialParameters;
import org.springframework.security.web.webauthn.api.PublicKeyCredentialRequestOptions;
import org.springframework.security.web.webauthn.api.PublicKeyCredentialRpEntity;
import org.springframework.security.web.webauthn.api.ResidentKeyRequirement;
import org.springframework.security.web.webauthn.api.UserVerificationRequirement;
import org.springframework.security.web.webauthn.authentication.WebAuthnAuthentication;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Checks that authentications of every kind and claims of every type are read back from the session unchanged. */
class SecurityRoundTripTest {
    private static final Instant NOW = Instant.parse("2026-11-30T10:15:30.123456789Z");
    private static final List<GrantedAuthority> RIGHTS = AuthorityUtils.createAuthorityList("ROLE_USER", "ROLE_ADMIN");
    private static final User USER = new User("alice", "{noop}wonderland", RIGHTS);
    private static final WebAuthenticationDetails DETAILS = new WebAuthenticationDetails("192.0.2.7", "a handle");

    /** A test certificate, created by the JDK's keytool. */
    private static final String CERTIFICATE = """
            -----BEGIN CERTIFICATE-----
            MIIBVjCB/qADAgECAgkA4Zxjbge9EgYwCgYIKoZIzj0EAwIwHzENMAsGA1UEChME
            QWNtZTEOMAwGA1UEAxMFQWxpY2UwIBcNMjYxMTMwMTMyMTQwWhgPMjEyNjExMDYx
            MzIxNDBaMB8xDTALBgNVBAoTBEFjbWUxDjAMBgNVBAMTBUFsaWNlMFkwEwYHKoZI
            zj0CAQYIKoZIzj0DAQcDQgAEAv9g73LKKKcMaLHT8p4+fDr829GeGYhA6KuNG64W
            IXmfz3G6mBRKtquchOFmlM/94vl7GMWzteYXwuGsO2UmZqMhMB8wHQYDVR0OBBYE
            FIrkSJi7IVecd4Cvo1qyCoJbUGbRMAoGCCqGSM49BAMCA0cAMEQCIAMDYanJmGDA
            KAEieDZfaEB2bfUCGWZI1WsrTMs6wVfzAiA+8esyrzqHNfIwDYErakyl2cjkEdQ5
            x7Y7IH07VxT/YA==
            -----END CERTIFICATE-----
            """;

    /** Returns the JSON after writing and parsing its bytes, as the engine does. */
    private static JsonNode encodeAndParse(JsonNode stored) {
        JsonMapper mapper = JsonMapper.shared();
        return mapper.readTree(mapper.writeValueAsBytes(stored));
    }

    private static AttributeFormat format(Class<?>... types) {
        return new SpringAttributeFormat(
                List.of(
                        new LoginFailureFormat(),
                        new SecurityValueFormat(SecurityRoundTripTest.class.getClassLoader(), List.of(types))),
                AttributeFormat.json(types));
    }

    private static Object principal(SecurityContext context) {
        return Objects.requireNonNull(
                Objects.requireNonNull(context.getAuthentication()).getPrincipal());
    }

    private static Object roundTrip(Object value) {
        AttributeFormat format = format();
        return format.read(encodeAndParse(format.write("it", value)));
    }

    // ---- authentications

    @SuppressWarnings("NullAway") // a JAAS login whose context is gone
    static Stream<Authentication> authentications() throws Exception {
        return Stream.of(
                UsernamePasswordAuthenticationToken.authenticated(USER, null, RIGHTS),
                UsernamePasswordAuthenticationToken.authenticated("alice", "a password", List.of()),
                UsernamePasswordAuthenticationToken.authenticated(7_000_000_000L, new BigDecimal("1.50"), RIGHTS),
                UsernamePasswordAuthenticationToken.unauthenticated("alice", "a password"),
                new UsernamePasswordAuthenticationToken(
                        USER,
                        null,
                        List.of(
                                FactorGrantedAuthority.withAuthority(FactorGrantedAuthority.PASSWORD_AUTHORITY)
                                        .issuedAt(NOW)
                                        .build(),
                                new SwitchUserGrantedAuthority(
                                        "ROLE_PREVIOUS_ADMINISTRATOR",
                                        UsernamePasswordAuthenticationToken.authenticated("root", null, RIGHTS)))),
                new RememberMeAuthenticationToken("a key", USER, RIGHTS),
                new AnonymousAuthenticationToken("a key", "anonymousUser", RIGHTS),
                new TestingAuthenticationToken("alice", "x", RIGHTS),
                new OneTimeTokenAuthentication(USER, RIGHTS),
                new PreAuthenticatedAuthenticationToken(USER, certificate(), RIGHTS),
                new PreAuthenticatedAuthenticationToken("alice", "N/A", RIGHTS),
                new PreAuthenticatedAuthenticationToken(new X500Principal("CN=Alice, O=Acme"), "N/A"),
                new JaasAuthenticationToken(
                        "alice",
                        "N/A",
                        List.of(new JaasGrantedAuthority("ROLE_USER", new X500Principal("CN=Alice"))),
                        null),
                new WebAuthnAuthentication(passkeyUser(), RIGHTS),
                ldap(new LdapUserDetailsImpl.Essence()),
                ldap(new Person.Essence(ldapEntry())),
                ldap(new InetOrgPerson.Essence(ldapEntry())),
                new Saml2Authentication(samlPrincipal(), "<saml2p:Response/>", RIGHTS),
                new Saml2Authentication(USER, "<saml2p:Response/>", RIGHTS),
                new Saml2AssertionAuthentication(
                        samlPrincipal(),
                        Saml2ResponseAssertion.withResponseValue("<saml2p:Response/>")
                                .nameId("alice")
                                .sessionIndexes(List.of("an index"))
                                .attributes(samlAttributes())
                                .build(),
                        RIGHTS,
                        "a registration"),
                new OAuth2AuthenticationToken(
                        new DefaultOAuth2User(
                                List.of(new OAuth2UserAuthority("OAUTH2_USER", claims(), "sub")), claims(), "sub"),
                        List.of(new OAuth2UserAuthority("OAUTH2_USER", claims(), "sub")),
                        "github"),
                new OAuth2AuthenticationToken(
                        oidcUser(claims()), oidcUser(claims()).getAuthorities(), "acme"));
    }

    @ParameterizedTest
    @MethodSource("authentications")
    void each_authentication_is_read_back_equal_with_its_details(Authentication authentication) {
        if (authentication instanceof org.springframework.security.authentication.AbstractAuthenticationToken token) {
            token.setDetails(DETAILS);
        }

        SecurityContext read = (SecurityContext) roundTrip(new SecurityContextImpl(authentication));

        Authentication back = read.getAuthentication();
        assertThat(back).isExactlyInstanceOf(authentication.getClass());
        // An assertion has no equals, and the user of a passkey has one since 7.1.
        if (!(authentication instanceof Saml2AssertionAuthentication)
                && !(authentication instanceof WebAuthnAuthentication)) {
            assertThat(back).isEqualTo(authentication);
        }
        assertThat(back)
                .usingRecursiveComparison()
                .withStrictTypeChecking()
                .ignoringFieldsMatchingRegexes(".*(claims|attributes|cn).*")
                .isEqualTo(authentication);
    }

    private static X509Certificate certificate() throws Exception {
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(CERTIFICATE.getBytes(StandardCharsets.US_ASCII)));
    }

    private static DirContextAdapter ldapEntry() {
        DirContextAdapter entry = new DirContextAdapter("uid=alice,ou=people,dc=acme");
        entry.setAttributeValues("cn", new String[] {"Alice Liddell", "Alice"});
        entry.setAttributeValue("sn", "Liddell");
        entry.setAttributeValue("uid", "alice");
        entry.setAttributeValue("mail", "alice@example.org");
        return entry;
    }

    private static Authentication ldap(LdapUserDetailsImpl.Essence essence) {
        essence.setUsername("alice");
        essence.setDn("uid=alice,ou=people,dc=acme");
        essence.setAuthorities(List.of(
                new SimpleGrantedAuthority("ROLE_USER"),
                new LdapAuthority("ROLE_STAFF", "cn=staff,dc=acme", Map.of("member", List.of("alice", "bob")))));
        essence.setGraceLoginsRemaining(3);
        essence.setTimeBeforeExpiration(60);
        var user = essence.createUserDetails();
        return UsernamePasswordAuthenticationToken.authenticated(user, null, user.getAuthorities());
    }

    private static Map<String, List<Object>> samlAttributes() {
        Map<String, List<Object>> attributes = new LinkedHashMap<>();
        attributes.put("mail", List.of("alice@example.org"));
        attributes.put("since", List.of(NOW, true, 7, 7_000_000_000L));
        attributes.put("@class", List.of("java.lang.Thread"));
        return attributes;
    }

    @SuppressWarnings("deprecation") // what the sessions of applications hold
    private static DefaultSaml2AuthenticatedPrincipal samlPrincipal() {
        DefaultSaml2AuthenticatedPrincipal principal =
                new DefaultSaml2AuthenticatedPrincipal("alice", samlAttributes(), List.of("an index"));
        principal.setRelyingPartyRegistrationId("a registration");
        return principal;
    }

    // ---- claims

    /** Returns a claim of each type that JSON parsers, Spring Security and common converters produce. */
    @SuppressWarnings({"JavaUtilDate", "JdkObsolete"}) // applications have such claims
    private static Map<String, Object> claims() {
        try {
            Map<String, Object> claims = new LinkedHashMap<>();
            claims.put("sub", "alice");
            claims.put("iss", URI.create("https://id.example.org/realms/acme").toURL());
            claims.put("aud", List.of("web", "mobile"));
            claims.put("iat", NOW);
            claims.put("small", 7);
            claims.put("long", 7_000_000_000L);
            claims.put("smallLong", 7L);
            claims.put("negative", Long.MIN_VALUE);
            claims.put("big", new BigInteger("123456789012345678901234567890"));
            claims.put("decimal", new BigDecimal("1.50"));
            claims.put("double", 1.5);
            claims.put("wholeDouble", 2.0);
            claims.put("float", 1.1f);
            claims.put("short", (short) 3);
            claims.put("infinite", Double.POSITIVE_INFINITY);
            claims.put("yes", true);
            claims.put("null", null);
            claims.put("empty", "");
            claims.put("uri", URI.create("urn:acme:7"));
            claims.put("uuid", UUID.fromString("5f3a1c1e-6a4e-4f7e-9b2d-0a1b2c3d4e5f"));
            claims.put("locale", Locale.forLanguageTag("pt-BR"));
            claims.put("date", new Date(1_795_464_536_515L));
            claims.put("day", LocalDate.of(2026, 11, 30));
            claims.put("offset", OffsetDateTime.parse("2026-01-01T02:00:00+05:00"));
            claims.put("zoned", ZonedDateTime.parse("2026-01-01T02:00:00+01:00[Europe/Berlin]"));
            claims.put("duration", Duration.ofSeconds(7, 5));
            claims.put("set", new LinkedHashSet<>(List.of("b", "a")));
            claims.put("linked", new LinkedList<>(List.of(1, 2)));
            claims.put("array", Arrays.asList("a", 1, null));
            claims.put("unmodifiable", Collections.unmodifiableMap(new HashMap<>(Map.of("a", List.of(1L)))));
            claims.put("shaded", JSONObjectUtils.parse("""
                    {"street":"Main","floors":[1,{"n":7000000000}],"geo":{"lat":1.5,"precise":123456789012345678901},"none":null}
                    """));
            claims.put("@class", "java.lang.Thread");
            claims.put("@@class", Map.of("@class", "java.lang.Thread", "@type", "x"));
            claims.put("groups", List.of(Map.of("id", 1L, "name", "staff"), Map.of("id", 2L)));
            return claims;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static DefaultOidcUser oidcUser(Map<String, Object> claims) {
        OidcIdToken token = new OidcIdToken("a.b.c", NOW, NOW.plusSeconds(60), claims);
        OidcUserInfo info = new OidcUserInfo(new LinkedHashMap<>(Map.of("sub", "alice", "phone", 7_000_000_000L)));
        return new DefaultOidcUser(List.of(new OidcUserAuthority("OIDC_USER", token, info, "sub")), token, info, "sub");
    }

    @Test
    void each_claim_is_read_back_with_its_type() {
        SecurityContext read = (SecurityContext)
                roundTrip(new SecurityContextImpl(new OAuth2AuthenticationToken(oidcUser(claims()), RIGHTS, "acme")));

        DefaultOidcUser user = (DefaultOidcUser) principal(read);
        Map<String, Object> before = oidcUser(claims()).getClaims();
        Map<String, Object> after = user.getClaims();
        assertThat(after.keySet()).containsExactlyElementsOf(before.keySet());
        before.forEach((name, value) -> {
            assertThat(after.get(name)).as(name).isEqualTo(value);
            if (value != null && !(value instanceof Collection) && !(value instanceof Map)) {
                assertThat(after.get(name)).as(name).isExactlyInstanceOf(value.getClass());
            }
        });
        assertThat(String.valueOf(
                        Objects.requireNonNull(user.getClaimAsMap("shaded")).get("floors")))
                .isEqualTo("[1, {n=7000000000}]");
    }

    static Stream<Object> unstorableClaims() {
        return Stream.of(
                new AtomicInteger(7),
                new Thread(),
                new TreeMap<>(String.CASE_INSENSITIVE_ORDER),
                sortedWithComparator(Map.of("a", 1, "b", 2)),
                new TreeSet<>(Comparator.<String>naturalOrder()));
    }

    /** Returns a map whose comparator has the natural order, so that a round trip would lose only the comparator. */
    private static Map<String, Integer> sortedWithComparator(Map<String, Integer> content) {
        Map<String, Integer> sorted = new TreeMap<>(Comparator.<String>naturalOrder());
        sorted.putAll(content);
        return sorted;
    }

    @ParameterizedTest
    @MethodSource("unstorableClaims")
    void a_claim_of_an_unknown_type_is_rejected_in_a_user_of_a_type_that_was_stored_before(Object value) {
        AttributeFormat format = format();
        format.write("it", new SecurityContextImpl(new OAuth2AuthenticationToken(oidcUser(claims()), RIGHTS, "acme")));
        Map<String, Object> odd = claims();
        odd.put("odd", value);

        assertThatThrownBy(() -> format.write(
                        "SPRING_SECURITY_CONTEXT",
                        new SecurityContextImpl(new OAuth2AuthenticationToken(oidcUser(odd), RIGHTS, "acme"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'SPRING_SECURITY_CONTEXT'")
                .hasMessageContaining("sojourn.attributes.types")
                .hasMessageContaining(value.getClass().getName())
                .hasMessageNotContaining("alice");
    }

    @Test
    void a_sorted_set_without_a_comparator_is_read_back_as_a_sorted_set() {
        Map<String, Object> claims = claims();
        claims.put("sorted", new TreeSet<>(Set.of("b", "a")));

        SecurityContext read = (SecurityContext)
                roundTrip(new SecurityContextImpl(new OAuth2AuthenticationToken(oidcUser(claims), RIGHTS, "acme")));

        assertThat(((DefaultOidcUser) principal(read)).<Object>getAttribute("sorted"))
                .isExactlyInstanceOf(TreeSet.class)
                .isEqualTo(new TreeSet<>(Set.of("b", "a")));
    }

    /** A value that each round trip changes. */
    record GrowingValue(int size) {
        GrowingValue {
            size++;
        }
    }

    @Test
    void a_listed_type_that_would_be_read_back_as_another_value_is_rejected_each_time() {
        AttributeFormat with = format(GrowingValue.class);
        SecurityContext context = new SecurityContextImpl(
                UsernamePasswordAuthenticationToken.authenticated(new GrowingValue(1), null, RIGHTS));

        for (int attempt = 0; attempt < 2; attempt++) {
            assertThatThrownBy(() -> with.write("it", context))
                    .isInstanceOf(UnstorableValueException.class)
                    .hasMessageContaining("it would be read back as another value");
        }
    }

    @Test
    @SuppressWarnings("removal") // the only constructor with a user
    void the_rejection_of_a_transient_authentication_recommends_a_storable_one() {
        assertThatThrownBy(() -> format().write(
                                "it",
                                new SecurityContextImpl(new OneTimeTokenAuthenticationToken("alice", "a-secret"))))
                .hasMessageContaining(OneTimeTokenAuthenticationToken.class.getName())
                .hasMessageContaining("SessionCreationPolicy.STATELESS")
                .hasMessageContaining("UsernamePasswordAuthenticationToken")
                .hasMessageNotContainingAny("alice", "a-secret");
    }

    /** A user of the application that adds a field to the user of Spring Security. */
    static final class TenantUser extends User {
        private static final long serialVersionUID = 1L;

        private final long tenant;

        TenantUser(String username, String password, Collection<? extends GrantedAuthority> authorities, long tenant) {
            super(username, password, authorities);
            this.tenant = tenant;
        }
    }

    @Test
    void a_listed_user_type_that_extends_the_user_of_spring_security_is_read_back_unchanged() {
        AttributeFormat with = format(TenantUser.class);
        SecurityContext context = new SecurityContextImpl(UsernamePasswordAuthenticationToken.authenticated(
                new TenantUser("alice", "x", RIGHTS, 7_000_000_000L), null, RIGHTS));

        assertThatThrownBy(() -> format().write("it", context))
                .hasMessageContaining(TenantUser.class.getName())
                .hasMessageContaining("sojourn.attributes.types");
        SecurityContext read = (SecurityContext) with.read(encodeAndParse(with.write("it", context)));

        assertThat(principal(read)).isExactlyInstanceOf(TenantUser.class);
        assertThat(((TenantUser) principal(read)).tenant).isEqualTo(7_000_000_000L);
        assertThat(read).isEqualTo(context);
    }

    // ---- OAuth requests and clients

    @Test
    void an_authorization_request_is_read_back_with_its_parameters_and_attributes() {
        OAuth2AuthorizationRequest request = OAuth2AuthorizationRequest.authorizationCode()
                .authorizationUri("https://id.example.org/authorize")
                .clientId("web")
                .redirectUri("https://web.example.org/back")
                .scopes(Set.of("openid", "email"))
                .state("a state")
                .additionalParameters(Map.of("nonce", "a hash", "max_age", 60, "@class", "x"))
                .attributes(values -> values.putAll(Map.of("nonce", "a nonce", "since", NOW, "n", 7L, "@class", "x")))
                .build();

        assertThat(roundTrip(request)).usingRecursiveComparison().isEqualTo(request);
    }

    @Test
    void authorized_clients_are_read_back_with_their_registration() {
        ClientRegistration registration = ClientRegistration.withRegistrationId("acme")
                .clientId("web")
                .clientSecret("a secret")
                .authorizationGrantType(AuthorizationGrantType.AUTHORIZATION_CODE)
                .redirectUri("{baseUrl}/login/oauth2/code/{registrationId}")
                .scope("openid", "email")
                .authorizationUri("https://id.example.org/authorize")
                .tokenUri("https://id.example.org/token")
                .userInfoUri("https://id.example.org/userinfo")
                .jwkSetUri("https://id.example.org/jwks")
                .issuerUri("https://id.example.org")
                .clientSettings(ClientRegistration.ClientSettings.builder()
                        .requireProofKey(!ClientRegistration.ClientSettings.builder()
                                .build()
                                .isRequireProofKey())
                        .build())
                .providerConfigurationMetadata(Map.of("scopes_supported", List.of("openid"), "n", 7L))
                .build();
        Map<String, OAuth2AuthorizedClient> clients = new HashMap<>();
        clients.put(
                "acme",
                new OAuth2AuthorizedClient(
                        registration,
                        "alice",
                        new OAuth2AccessToken(
                                OAuth2AccessToken.TokenType.BEARER, "t", NOW, NOW.plusSeconds(60), Set.of("openid")),
                        new OAuth2RefreshToken("r", NOW, NOW.plusSeconds(600))));

        assertThat(roundTrip(clients)).usingRecursiveComparison().isEqualTo(clients);
    }

    @Test
    void a_csrf_token_is_read_back() {
        assertThat(roundTrip(new DefaultCsrfToken("X-CSRF-TOKEN", "_csrf", "a token")))
                .usingRecursiveComparison()
                .isEqualTo(new DefaultCsrfToken("X-CSRF-TOKEN", "_csrf", "a token"));
    }

    // ---- passkeys

    private static org.springframework.security.web.webauthn.api.PublicKeyCredentialUserEntity passkeyUser() {
        return ImmutablePublicKeyCredentialUserEntity.builder()
                .name("alice")
                .id(new Bytes(new byte[] {1, -2, 3}))
                .displayName("Alice")
                .build();
    }

    private static PublicKeyCredentialDescriptor descriptor() {
        return PublicKeyCredentialDescriptor.builder()
                .id(new Bytes(new byte[] {9, 8}))
                .transports(AuthenticatorTransport.USB, AuthenticatorTransport.INTERNAL)
                .build();
    }

    @Test
    void the_options_of_a_passkey_are_read_back_between_challenge_and_response() {
        PublicKeyCredentialRequestOptions requestOptions = PublicKeyCredentialRequestOptions.builder()
                .challenge(new Bytes(new byte[] {4, 5}))
                .timeout(Duration.ofMinutes(5))
                .rpId("example.org")
                .allowCredentials(List.of(descriptor()))
                .userVerification(UserVerificationRequirement.PREFERRED)
                .extensions(new ImmutableAuthenticationExtensionsClientInputs(
                        ImmutableAuthenticationExtensionsClientInput.credProps))
                .build();
        PublicKeyCredentialCreationOptions made = PublicKeyCredentialCreationOptions.builder()
                .rp(PublicKeyCredentialRpEntity.builder()
                        .id("example.org")
                        .name("Acme")
                        .build())
                .user(passkeyUser())
                .challenge(new Bytes(new byte[] {6, 7}))
                .pubKeyCredParams(PublicKeyCredentialParameters.EdDSA, PublicKeyCredentialParameters.ES256)
                .timeout(Duration.ofMinutes(5))
                .excludeCredentials(List.of(descriptor()))
                .authenticatorSelection(AuthenticatorSelectionCriteria.builder()
                        .authenticatorAttachment(AuthenticatorAttachment.PLATFORM)
                        .residentKey(ResidentKeyRequirement.REQUIRED)
                        .userVerification(UserVerificationRequirement.REQUIRED)
                        .build())
                .attestation(AttestationConveyancePreference.NONE)
                .extensions(new ImmutableAuthenticationExtensionsClientInputs(
                        new CredProtectAuthenticationExtensionsClientInput(
                                new CredProtect(CredProtect.ProtectionPolicy.USER_VERIFICATION_REQUIRED, true))))
                .build();

        assertThat(roundTrip(requestOptions)).usingRecursiveComparison().isEqualTo(requestOptions);
        assertThat(roundTrip(made)).usingRecursiveComparison().isEqualTo(made);
        assertThat(((PublicKeyCredentialCreationOptions) roundTrip(made)).getAttestation())
                .isSameAs(AttestationConveyancePreference.NONE);
    }

    // ---- collections

    @Test
    @SuppressWarnings("JdkObsolete") // the JDK wraps it in another class
    void unmodifiable_collections_are_read_back_as_unmodifiable() {
        List<Object> all = new ArrayList<>(List.of(
                List.of(),
                List.of(1),
                List.of(1, 2, 3),
                Collections.emptyList(),
                Collections.singletonList(1),
                Collections.unmodifiableList(new LinkedList<>(List.of(1))),
                Set.of(),
                Set.of(1),
                Collections.singleton(1),
                Map.of(),
                Map.of("a", 1),
                Collections.emptyMap(),
                Collections.singletonMap("a", 1)));
        Map<String, Object> claims = new LinkedHashMap<>(Map.of("sub", "alice"));
        for (Object each : all) {
            claims.put("it", each);
            SecurityContext read = (SecurityContext) roundTrip(new SecurityContextImpl(
                    new OAuth2AuthenticationToken(new DefaultOAuth2User(RIGHTS, claims, "sub"), RIGHTS, "acme")));
            Object back = Objects.requireNonNull(((DefaultOAuth2User) principal(read)).getAttribute("it"));

            assertThat(back).as(each.getClass().getName()).isEqualTo(each);
            assertThatThrownBy(() -> modify(back)).isInstanceOf(UnsupportedOperationException.class);
        }
    }

    @SuppressWarnings("unchecked")
    private static void modify(Object collection) {
        if (collection instanceof Map<?, ?> map) {
            ((Map<String, Object>) map).put("b", 2);
        } else {
            ((Collection<Object>) collection).add(2);
        }
    }
}
