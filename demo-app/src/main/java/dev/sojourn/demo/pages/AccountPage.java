package dev.sojourn.demo.pages;

import dev.sojourn.EditableSession;
import dev.sojourn.Key;
import dev.sojourn.demo.api.Api;
import dev.sojourn.demo.web.Request;
import dev.sojourn.demo.web.Response;
import dev.sojourn.demo.web.Routes;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The account of a user, as a product has it: signing in and out, the mail address, which only a confirmed user changes, and
 * where the user is signed in. The demo asks for no password; an application checks one before it calls {@code login}.
 */
final class AccountPage {
    static final Key<String> MAIL = Key.of("mail", String.class);

    private static final String PATH = "/account";
    private static final String SCOPE = "mail";
    private static final Duration CONFIRMED_FOR = Duration.ofMinutes(5);
    /** Ends soon enough to see the warning of the page's script, which comes two minutes before the end. */
    private static final Duration SHORT = Duration.ofSeconds(130);

    private static final int MAX_MAIL_LENGTH = 60;

    private final Templates templates;
    /** The user's sessions; null if sessions are sealed, since no store has a list of them. */
    private final @Nullable DeviceList devices;

    private final String foreignPage;
    private final Clock clock;

    AccountPage(Templates templates, @Nullable DeviceList devices, String foreignPage, Clock clock) {
        this.templates = templates;
        this.devices = devices;
        this.foreignPage = foreignPage;
        this.clock = clock;
    }

    void mount(Routes routes) {
        routes.get(PATH, request -> {
            View view = view(request, Forms.EMPTY);
            return templates.page(request, "account", title(view), view).with(Layout.SCRIPT_HEADERS);
        });
        routes.post(PATH + "/sign-in", this::signIn);
        routes.post(PATH + "/sign-out", this::signOut);
        routes.post(PATH + "/confirm", this::confirm);
        routes.post(PATH + "/mail", this::changeMail);
        routes.post(PATH + "/shorten", this::shorten);
        if (devices != null) {
            devices.mount(routes, PATH);
        }
    }

    private Response signIn(Request request) {
        Field name = Field.of("The name", request.field("name"), Api.MAX_NAME_LENGTH);
        if (!name.isValid()) {
            return invalid(request, Forms.EMPTY.withName(name));
        }
        request.session().login(name.value());
        if (!request.field("remember").isEmpty()) {
            request.storedSession().ifPresent(session -> session.remember());
        }
        return Response.seeOther(Notice.SIGNED_IN.addTo(PATH));
    }

    private Response signOut(Request request) {
        request.session().destroy();
        return Response.seeOther(Notice.SIGNED_OUT.addTo(PATH));
    }

    /** Elevates the session. An application asks for the password or a second factor here. */
    private Response confirm(Request request) {
        EditableSession session = request.session();
        String user = session.requireSubject();
        Field again = Field.of("The name", request.field("again"), Api.MAX_NAME_LENGTH);
        if (again.isValid() && !again.value().equals(user)) {
            again = again.withProblem("This is not the name that you are signed in with.");
        }
        if (!again.isValid()) {
            return invalid(request, Forms.EMPTY.withAgain(again));
        }
        session.elevate(SCOPE, CONFIRMED_FOR);
        return Response.seeOther(Notice.CONFIRMED.addTo(PATH));
    }

    private Response changeMail(Request request) {
        EditableSession session = request.session();
        session.requireSubject();
        session.requireElevated(SCOPE);
        Field mail = Field.of("The address", request.field("mail"), MAX_MAIL_LENGTH);
        if (mail.isValid() && !mail.value().matches("[^@\\s]+@[^@\\s]+")) {
            mail = mail.withProblem("This is not a mail address: it has no “@” between two parts.");
        }
        if (!mail.isValid()) {
            return invalid(request, Forms.EMPTY.withMail(mail));
        }
        session.set(MAIL, mail.value());
        return Response.seeOther(Notice.MAIL_CHANGED.addTo(PATH));
    }

    private Response shorten(Request request) {
        request.session().requireSubject();
        request.session().idleTimeout(SHORT);
        return Response.seeOther(Notice.SHORTENED.addTo(PATH));
    }

    private Response invalid(Request request, Forms forms) {
        View view = view(request, forms);
        return templates
                .invalidForm(request, "account", PATH, title(view), view)
                .with(Layout.SCRIPT_HEADERS);
    }

    private static String title(View view) {
        return view.profile() == null ? "Sign in" : "Your account";
    }

    private View view(Request request, Forms forms) {
        EditableSession session = request.session();
        String user = session.subject();
        if (user == null) {
            return new View(null, null, forms, foreignPage);
        }
        String mail = session.get(MAIL);
        Profile profile = new Profile(
                user,
                mail,
                session.isElevated(SCOPE),
                session.isRemembered(),
                Moment.of(Objects.requireNonNull(session.signedInAt(), "a signed-in user"), clock.instant()),
                Moment.of(session.expiresAt(), clock.instant()));
        DeviceList.View list = devices == null
                ? null
                : request.storedSession()
                        .map(stored -> devices.of(stored, user, PATH))
                        .orElse(null);
        return new View(profile, list, forms, foreignPage);
    }

    /**
     * The template's data.
     *
     * @param profile the signed-in user, or null
     * @param list where the user is signed in; null without a user or a store
     * @param foreignPage the address of a page of another origin, whose form the demo refuses
     */
    record View(@Nullable Profile profile, DeviceList.@Nullable View list, Forms forms, String foreignPage) {}

    /**
     * The signed-in user.
     *
     * @param isConfirmed whether the mail address may be changed now
     * @param isRemembered whether the browser has signed the user in again by itself
     */
    record Profile(
            String user,
            @Nullable String mail,
            boolean isConfirmed,
            boolean isRemembered,
            Moment signedIn,
            Moment expires) {}

    /** What the user entered in the page's forms. */
    record Forms(Field name, Field again, Field mail) {
        static final Forms EMPTY = new Forms(Field.EMPTY, Field.EMPTY, Field.EMPTY);

        Forms withName(Field entered) {
            return new Forms(entered, again, mail);
        }

        Forms withAgain(Field entered) {
            return new Forms(name, entered, mail);
        }

        Forms withMail(Field entered) {
            return new Forms(name, again, entered);
        }
    }
}
