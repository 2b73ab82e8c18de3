/* SPDX-License-Identifier: MIT */
/* Light or dark: loads the style sheets and says which palette is on. */
#include "theme.h"

#include "settings.h"

#define RESOURCES "/org/weightscope/Weightscope/"
#define PORTAL_NAMESPACE "org.freedesktop.appearance"
#define PORTAL_KEY "color-scheme"
#define PORTAL_PREFERS_DARK 1

struct _WsTheme
{
  GObject parent_instance;

  GtkCssProvider *palette;
  GDBusProxy *portal; /* NULL where the desktop has none */
  gboolean toolkit_prefers_dark;
  gboolean portal_prefers_dark;
  gboolean dark;
};

enum
{
  PROP_0,
  PROP_DARK,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (WsTheme, ws_theme, G_TYPE_OBJECT)

static gboolean
wants_dark (WsTheme *self)
{
  switch (g_settings_get_enum (ws_settings_get_default (), "color-scheme"))
    {
    case WS_COLOR_SCHEME_LIGHT:
      return FALSE;
    case WS_COLOR_SCHEME_DARK:
      return TRUE;
    default:
      return self->portal_prefers_dark || self->toolkit_prefers_dark;
    }
}

static void
load_palette (WsTheme *self)
{
  gtk_css_provider_load_from_resource (self->palette, self->dark ? RESOURCES "palette-dark.css"
                                                                 : RESOURCES "palette-light.css");
  /* What we do not style ourselves (the file chooser) must match. */
  g_object_set (gtk_settings_get_default (), "gtk-application-prefer-dark-theme", self->dark, NULL);
}

static void
update (WsTheme *self)
{
  gboolean dark = wants_dark (self);

  if (self->dark == dark)
    return;
  self->dark = dark;
  load_palette (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DARK]);
}

static void
take_portal_value (WsTheme *self, GVariant *value)
{
  g_autoptr (GVariant) inner = g_variant_ref (value);

  /* Read() wraps its answer twice, the signal once. */
  while (g_variant_is_of_type (inner, G_VARIANT_TYPE_VARIANT))
    {
      GVariant *unwrapped = g_variant_get_variant (inner);

      g_variant_unref (inner);
      inner = unwrapped;
    }
  if (!g_variant_is_of_type (inner, G_VARIANT_TYPE_UINT32))
    return;
  self->portal_prefers_dark = g_variant_get_uint32 (inner) == PORTAL_PREFERS_DARK;
  update (self);
}

static void
on_portal_signal (GDBusProxy *proxy, const char *sender, const char *signal, GVariant *parameters,
                  WsTheme *self)
{
  const char *name, *key;
  g_autoptr (GVariant) value = NULL;

  if (!g_str_equal (signal, "SettingChanged") ||
      !g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(ssv)")))
    return;
  g_variant_get (parameters, "(&s&sv)", &name, &key, &value);
  if (g_str_equal (name, PORTAL_NAMESPACE) && g_str_equal (key, PORTAL_KEY))
    take_portal_value (self, value);
}

static void
on_portal_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WsTheme) self = user_data;
  g_autoptr (GVariant) answer = g_dbus_proxy_call_finish (G_DBUS_PROXY (source), result, NULL);
  g_autoptr (GVariant) value = NULL;

  /* A desktop without the portal, or without this setting, has nothing to say. */
  if (answer == NULL || !g_variant_is_of_type (answer, G_VARIANT_TYPE ("(v)")))
    return;
  g_variant_get (answer, "(v)", &value);
  take_portal_value (self, value);
}

static void
on_portal_ready (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WsTheme) self = user_data;

  self->portal = g_dbus_proxy_new_for_bus_finish (result, NULL);
  if (self->portal == NULL)
    return;
  g_signal_connect_object (self->portal, "g-signal", G_CALLBACK (on_portal_signal), self, 0);
  g_dbus_proxy_call (self->portal, "Read", g_variant_new ("(ss)", PORTAL_NAMESPACE, PORTAL_KEY),
                     G_DBUS_CALL_FLAGS_NONE, -1, NULL, on_portal_read, g_object_ref (self));
}

/* GTK 4.8 does not follow the desktop's preference by itself. */
static void
ask_portal (WsTheme *self)
{
  g_dbus_proxy_new_for_bus (G_BUS_TYPE_SESSION,
                            G_DBUS_PROXY_FLAGS_DO_NOT_LOAD_PROPERTIES |
                                G_DBUS_PROXY_FLAGS_DO_NOT_AUTO_START_AT_CONSTRUCTION,
                            NULL, "org.freedesktop.portal.Desktop",
                            "/org/freedesktop/portal/desktop", "org.freedesktop.portal.Settings",
                            NULL, on_portal_ready, g_object_ref (self));
}

static gboolean
toolkit_prefers_dark (void)
{
  g_autofree char *name = NULL;
  gboolean prefer;

  g_object_get (gtk_settings_get_default (), "gtk-theme-name", &name,
                "gtk-application-prefer-dark-theme", &prefer, NULL);
  return prefer || (name != NULL && g_str_has_suffix (name, "-dark"));
}

static void
ws_theme_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  WsTheme *self = WS_THEME (object);

  switch (prop_id)
    {
    case PROP_DARK:
      g_value_set_boolean (value, self->dark);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
ws_theme_dispose (GObject *object)
{
  WsTheme *self = WS_THEME (object);

  g_clear_object (&self->palette);
  g_clear_object (&self->portal);
  G_OBJECT_CLASS (ws_theme_parent_class)->dispose (object);
}

static void
ws_theme_class_init (WsThemeClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = ws_theme_get_property;
  object_class->dispose = ws_theme_dispose;

  properties[PROP_DARK] =
      g_param_spec_boolean ("dark", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
ws_theme_init (WsTheme *self)
{
  GdkDisplay *display = gdk_display_get_default ();
  g_autoptr (GtkCssProvider) rules = gtk_css_provider_new ();

  self->toolkit_prefers_dark = toolkit_prefers_dark ();
  self->dark = wants_dark (self);
  self->palette = gtk_css_provider_new ();
  load_palette (self);
  gtk_css_provider_load_from_resource (rules, RESOURCES "style.css");
  gtk_style_context_add_provider_for_display (display, GTK_STYLE_PROVIDER (self->palette),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
  gtk_style_context_add_provider_for_display (display, GTK_STYLE_PROVIDER (rules),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
  g_signal_connect_object (ws_settings_get_default (), "changed::color-scheme", G_CALLBACK (update),
                           self, G_CONNECT_SWAPPED);
  ask_portal (self);
}

WsTheme *
ws_theme_get_default (void)
{
  static WsTheme *theme;

  if (theme == NULL)
    theme = g_object_new (WS_TYPE_THEME, NULL);
  return theme;
}

gboolean
ws_theme_get_dark (WsTheme *self)
{
  g_return_val_if_fail (WS_IS_THEME (self), FALSE);
  return self->dark;
}
