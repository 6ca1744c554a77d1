"""What a build leaves on disk: the folder of an atlas, and a page of several atlases."""
