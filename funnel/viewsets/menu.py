"""The one menu in which everything of the funnel stands."""

MENU_HOOK = "register_funnel_menu_item"
