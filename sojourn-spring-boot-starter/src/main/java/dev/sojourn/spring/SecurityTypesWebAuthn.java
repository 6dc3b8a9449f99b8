package dev.sojourn.spring;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.web.webauthn.api.AttestationConveyancePreference;
import org.springframework.security.web.webauthn.api.AuthenticationExtensionsClientInput;
import org.springframework.security.web.webauthn.api.AuthenticationExtensionsClientInputs;
import org.springframework.security.web.webauthn.api.AuthenticatorAttachment;
import org.springframework.security.web.webauthn.api.AuthenticatorSelectionCriteria;
import org.springframework.security.web.webauthn.api.AuthenticatorTransport;
import org.springframework.security.web.webauthn.api.Bytes;
import org.springframework.security.web.webauthn.api.COSEAlgorithmIdentifier;
import org.springframework.security.web.webauthn.api.CredProtectAuthenticationExtensionsClientInput;
import org.springframework.security.web.webauthn.api.CredProtectAuthenticationExtensionsClientInput.CredProtect;
import org.springframework.security.web.webauthn.api.CredProtectAuthenticationExtensionsClientInput.CredProtect.ProtectionPolicy;
import org.springframework.security.web.webauthn.api.ImmutableAuthenticationExtensionsClientInput;
import org.springframework.security.web.webauthn.api.ImmutableAuthenticationExtensionsClientInputs;
import org.springframework.security.web.webauthn.api.ImmutablePublicKeyCredentialUserEntity;
import org.springframework.security.web.webauthn.api.PublicKeyCredentialCreationOptions;
import org.springframework.security.web.webauthn.api.PublicKeyCredentialDescriptor;
import org.springframework.security.web.webauthn.api.PublicKeyCredentialParameters;
import org.springframework.security.web.webauthn.api.PublicKeyCredentialRequestOptions;
import org.springframework.security.web.webauthn.api.PublicKeyCredentialRpEntity;
import org.springframework.security.web.webauthn.api.PublicKeyCredentialType;
import org.springframework.security.web.webauthn.api.PublicKeyCredentialUserEntity;
import org.springframework.security.web.webauthn.api.ResidentKeyRequirement;
import org.springframework.security.web.webauthn.api.UserVerificationRequirement;
import org.springframework.security.web.webauthn.authentication.WebAuthnAuthentication;

/**
 * The types of passkeys: the authentication, and the options that the session keeps between challenge and response. Spring
 * Security's own module writes the JSON of browsers, which cannot be read back.
 */
final class SecurityTypesWebAuthn implements SecurityTypes {
    @Override
    public Map<Class<?>, Class<?>> mixIns() {
        return Map.ofEntries(
                Map.entry(WebAuthnAuthentication.class, SignedIn.class),
                Map.entry(ImmutablePublicKeyCredentialUserEntity.class, User.class),
                Map.entry(PublicKeyCredentialRequestOptions.class, RequestOptions.class),
                Map.entry(PublicKeyCredentialCreationOptions.class, CreationOptions.class),
                Map.entry(PublicKeyCredentialDescriptor.class, Descriptor.class),
                Map.entry(PublicKeyCredentialParameters.class, Parameters.class),
                Map.entry(PublicKeyCredentialRpEntity.class, RelyingParty.class),
                Map.entry(AuthenticatorSelectionCriteria.class, Selection.class),
                Map.entry(ImmutableAuthenticationExtensionsClientInputs.class, Extensions.class),
                Map.entry(ImmutableAuthenticationExtensionsClientInput.class, Extension.class),
                Map.entry(CredProtectAuthenticationExtensionsClientInput.class, ProtectionExtension.class),
                Map.entry(CredProtect.class, Protection.class),
                Map.entry(Bytes.class, OfBytes.class),
                Map.entry(COSEAlgorithmIdentifier.class, OfNumber.class),
                Map.entry(UserVerificationRequirement.class, OfText.class),
                Map.entry(AuthenticatorTransport.class, Constant.class),
                Map.entry(PublicKeyCredentialType.class, Constant.class),
                Map.entry(AttestationConveyancePreference.class, Constant.class),
                Map.entry(ResidentKeyRequirement.class, Constant.class),
                Map.entry(AuthenticatorAttachment.class, Constant.class));
    }

    @JsonByFields
    abstract static class SignedIn {
        @JsonCreator
        SignedIn(
                @JsonProperty("principal") PublicKeyCredentialUserEntity principal,
                @JsonProperty("authorities") Collection<? extends GrantedAuthority> authorities) {}
    }

    @JsonByFields
    abstract static class User {
        @JsonCreator
        User(
                @JsonProperty("name") String name,
                @JsonProperty("id") Bytes id,
                @JsonProperty("displayName") @Nullable String displayName) {}
    }

    @JsonByFields
    abstract static class RequestOptions {
        @JsonCreator
        RequestOptions(
                @JsonProperty("challenge") Bytes challenge,
                @JsonProperty("timeout") @Nullable Duration timeout,
                @JsonProperty("rpId") @Nullable String rpId,
                @JsonProperty("allowCredentials") List<PublicKeyCredentialDescriptor> allowCredentials,
                @JsonProperty("userVerification") @Nullable UserVerificationRequirement userVerification,
                @JsonProperty("extensions") @Nullable AuthenticationExtensionsClientInputs extensions) {}
    }

    @JsonByFields
    abstract static class CreationOptions {
        @JsonCreator
        CreationOptions(
                @JsonProperty("rp") PublicKeyCredentialRpEntity rp,
                @JsonProperty("user") PublicKeyCredentialUserEntity user,
                @JsonProperty("challenge") Bytes challenge,
                @JsonProperty("pubKeyCredParams") List<PublicKeyCredentialParameters> pubKeyCredParams,
                @JsonProperty("timeout") @Nullable Duration timeout,
                @JsonProperty("excludeCredentials") List<PublicKeyCredentialDescriptor> excludeCredentials,
                @JsonProperty("authenticatorSelection") @Nullable AuthenticatorSelectionCriteria authenticatorSelection,
                @JsonProperty("attestation") @Nullable AttestationConveyancePreference attestation,
                @JsonProperty("extensions") @Nullable AuthenticationExtensionsClientInputs extensions) {}
    }

    @JsonByFields
    abstract static class Descriptor {
        @JsonCreator
        Descriptor(
                @JsonProperty("type") PublicKeyCredentialType type,
                @JsonProperty("id") Bytes id,
                @JsonProperty("transports") @Nullable Set<AuthenticatorTransport> transports) {}
    }

    @JsonByFields
    abstract static class Parameters {
        @JsonCreator
        Parameters(
                @JsonProperty("type") PublicKeyCredentialType type, @JsonProperty("alg") COSEAlgorithmIdentifier alg) {}
    }

    @JsonByFields
    abstract static class RelyingParty {
        @JsonCreator
        RelyingParty(@JsonProperty("name") String name, @JsonProperty("id") String id) {}
    }

    @JsonByFields
    abstract static class Selection {
        @JsonCreator
        Selection(
                @JsonProperty("authenticatorAttachment") @Nullable AuthenticatorAttachment authenticatorAttachment,
                @JsonProperty("residentKey") @Nullable ResidentKeyRequirement residentKey,
                @JsonProperty("userVerification") @Nullable UserVerificationRequirement userVerification) {}
    }

    @JsonByFields
    abstract static class Extensions {
        @JsonCreator
        Extensions(@JsonProperty("inputs") List<AuthenticationExtensionsClientInput<?>> inputs) {}
    }

    @JsonByFields
    abstract static class Extension {
        @JsonCreator
        Extension(@JsonProperty("extensionId") String extensionId, @JsonProperty("input") Object input) {}
    }

    @JsonByFields
    abstract static class ProtectionExtension {
        @JsonCreator
        ProtectionExtension(@JsonProperty("input") CredProtect input) {}
    }

    @JsonByFields
    abstract static class Protection {
        @JsonCreator
        Protection(
                @JsonProperty("credProtectionPolicy") ProtectionPolicy credProtectionPolicy,
                @JsonProperty("enforceCredentialProtectionPolicy") boolean enforceCredentialProtectionPolicy) {}
    }

    @JsonByFields
    abstract static class OfBytes {
        @JsonCreator
        OfBytes(@JsonProperty("bytes") byte[] bytes) {}
    }

    @JsonByFields
    abstract static class OfNumber {
        @JsonCreator
        OfNumber(@JsonProperty("value") long value) {}
    }

    @JsonByFields
    abstract static class OfText {
        @JsonCreator
        OfText(@JsonProperty("value") String value) {}
    }

    /** A constant, read by its static factory. Some of these types are compared by identity. */
    @JsonByFields
    abstract static class Constant {
        @JsonCreator
        static @Nullable Object valueOf(@JsonProperty("value") String value) {
            return null;
        }
    }
}
